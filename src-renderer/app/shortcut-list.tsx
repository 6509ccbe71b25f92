import { Dialog } from "../ui/dialog.tsx";
import { Keys } from "../ui/keys.tsx";
import { SHORTCUTS } from "./shortcuts.ts";
import { showFloating, useFloating } from "./windows.ts";

export function ShortcutList() {
  const open = useFloating((state) => state.open === "shortcuts");
  return (
    <Dialog open={open} onClose={() => showFloating("none")} title="Keyboard">
      <dl className="mt-2 divide-y divide-line">
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={keys} className="flex items-center justify-between gap-6 py-1.5">
            <dt className="text-dim">{does}</dt>
            <dd>
              <Keys keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
