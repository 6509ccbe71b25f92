import { ChevronDown } from "lucide-react";
import type { WorkMode } from "../../../contract/algorithm.ts";
import { Button } from "../../ui/button.tsx";
import { Menu, MenuChoice } from "../../ui/menu.tsx";

const MODES = [
  { value: "auto", label: "Auto", about: "The supervisor decides how to work on it" },
  { value: "direct", label: "Direct", about: "Answered without the Algorithm" },
  { value: "algorithm", label: "Algorithm", about: "Planned, worked on in phases and verified by QA" },
] as const satisfies readonly { readonly value: WorkMode; readonly label: string; readonly about: string }[];

interface ModeMenuProps {
  readonly mode: WorkMode;
  readonly onChoose: (mode: WorkMode) => void;
}

/** How the next message is worked on. */
export function ModeMenu({ mode, onChoose }: ModeMenuProps) {
  const label = MODES.find(({ value }) => value === mode)?.label ?? mode;
  const trigger = (
    <Button size="small" look="quiet" aria-label={`How to work on it: ${label}`}>
      {label}
      <ChevronDown className="icon size-3.5" aria-hidden />
    </Button>
  );
  return (
    <Menu trigger={trigger}>
      <MenuChoice value={mode} options={MODES} onChange={onChoose} />
    </Menu>
  );
}
