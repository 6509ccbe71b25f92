import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useRef, type ReactNode } from "react";
import { IconButton } from "./button.tsx";

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** One or two sentences: what this is about and what follows. */
  readonly about?: ReactNode;
  readonly children: ReactNode;
  readonly wide?: boolean;
}

/** A question in the middle of the screen. Focus stays inside and goes back where it came from. */
export function Dialog({ open, onClose, title, about, children, wide = false }: DialogProps) {
  const content = useRef<HTMLDivElement>(null);
  /** On what is asked, not on the button that closes. */
  function focusFirst(event: Event): void {
    event.preventDefault();
    (content.current?.querySelector<HTMLElement>("input:not([type=checkbox])") ?? content.current)?.focus();
  }
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fades-in fixed inset-0 z-40 bg-veil" />
        <Radix.Content
          ref={content}
          onOpenAutoFocus={focusFirst}
          {...(about ? {} : { "aria-describedby": undefined })}
          className={`floats-in fixed inset-x-0 top-[8vh] z-40 mx-auto flex max-h-[84vh] flex-col rounded-box border border-line2 bg-panel shadow-float focus:outline-none max-phone:inset-x-2 ${wide ? "max-w-160" : "max-w-112"}`}
        >
          <header className="flex items-start gap-3 px-5 pt-4">
            <Radix.Title className="flex-1 text-large leading-7">{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton icon={X} label="Close" className="-mr-2" />
            </Radix.Close>
          </header>
          <div className="overflow-y-auto px-5 pb-5">
            {about && (
              <Radix.Description asChild>
                <div className="mb-4 text-dim">{about}</div>
              </Radix.Description>
            )}
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export function DialogButtons({ children }: { readonly children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>;
}
