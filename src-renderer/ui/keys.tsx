/** A keyboard shortcut, such as "Ctrl K". */
export function Keys({ keys }: { readonly keys: string }) {
  return (
    <kbd className="whitespace-nowrap rounded-[4px] border border-line2 px-1.25 font-sans text-tiny leading-4 text-dim">
      {keys}
    </kbd>
  );
}
