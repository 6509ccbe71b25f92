import { Check } from "lucide-react";
import { ContextMenu as Radix, DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";

const BOX =
  "floats-in z-40 max-h-[70vh] min-w-60 overflow-y-auto rounded-card border border-line2 bg-raised p-1 shadow-float";
const ITEM =
  "flex min-h-8 items-center gap-2.5 rounded-control px-2.5 py-1 outline-none data-disabled:opacity-45 data-highlighted:bg-line";

export function Menu({ trigger, children }: { readonly trigger: ReactNode; readonly children: ReactNode }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="start" sideOffset={6} collisionPadding={8} className={BOX}>
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  readonly onSelect: () => void;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  readonly children: ReactNode;
}

export function MenuItem({ onSelect, disabled = false, danger = false, children }: MenuItemProps) {
  return (
    <DropdownMenu.Item disabled={disabled} onSelect={onSelect} className={`${ITEM} ${danger ? "text-bad" : ""}`}>
      {children}
    </DropdownMenu.Item>
  );
}

interface MenuChoiceProps<T extends string> {
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly about: string }[];
  readonly onChange: (value: T) => void;
}

/** One of a few, with a line about each; the chosen one is marked. */
export function MenuChoice<T extends string>({ value, options, onChange }: MenuChoiceProps<T>) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChange(next as T)}>
      {options.map((option) => (
        <DropdownMenu.RadioItem key={option.value} value={option.value} className={ITEM}>
          <span className="grid size-4 shrink-0 place-items-center">
            <DropdownMenu.ItemIndicator>
              <Check className="icon" aria-hidden />
            </DropdownMenu.ItemIndicator>
          </span>
          <span className="flex flex-col">
            <span>{option.label}</span>
            <span className="text-small text-dim">{option.about}</span>
          </span>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  );
}

export function MenuLine() {
  return <DropdownMenu.Separator className="mx-1 my-1 h-px bg-line" />;
}

export function MenuLabel({ children }: { readonly children: ReactNode }) {
  return (
    <DropdownMenu.Label className="px-2.5 pt-1.5 pb-1 text-tiny font-heavy text-faint">{children}</DropdownMenu.Label>
  );
}

/** What can be done with one thing. */
export interface Deed {
  readonly label: string;
  readonly does: () => void;
  readonly danger?: boolean;
}

interface ContextMenuProps {
  /** Asked when the menu opens. */
  readonly deeds: () => readonly Deed[];
  /** One element, which takes the right click or the menu key. */
  readonly children: ReactNode;
}

/** A menu on right click; everything in it can be done in another way too. */
export function ContextMenu({ deeds, children }: ContextMenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content collisionPadding={8} className={BOX}>
          <Deeds list={deeds} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Deeds({ list }: { readonly list: () => readonly Deed[] }) {
  return list().map(({ label, does, danger = false }) => (
    <Radix.Item key={label} onSelect={does} className={`${ITEM} ${danger ? "text-bad" : ""}`}>
      {label}
    </Radix.Item>
  ));
}
