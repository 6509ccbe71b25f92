/** Grey lines where text will be. Shown only after 150 ms. */
export function Skeleton({ lines = 3, label }: { readonly lines?: number; readonly label: string }) {
  return (
    <div role="status" className="flex flex-col gap-2.5">
      <span className="sr-only">{label}</span>
      {Array.from({ length: lines }, (_, index) => (
        <div key={index} className="skeleton h-3.5" style={{ width: `${[92, 78, 85, 60, 72][index % 5]}%` }} />
      ))}
    </div>
  );
}
