import { Unplug } from "lucide-react";
import { inElectron } from "../api/electron-channel.ts";
import { Button } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";
import { Skeleton } from "../ui/skeleton.tsx";

export function Starting() {
  return (
    <main className="m-auto w-80 max-w-full px-6 pt-[30vh]">
      <Skeleton label="Starting" lines={4} />
    </main>
  );
}

/** The page is open and the program behind it does not answer. */
export function HostLost() {
  const about = inElectron()
    ? "The part of the app that speaks to servers does not answer. It is tried again by itself."
    : "The program that opened this page has ended, or this address was used in another window already. Run npm start again and open the address it prints.";
  return (
    <main className="flex h-full">
      <Empty icon={Unplug} title="The app's host does not answer" about={about}>
        <Button onClick={() => location.reload()}>Try again</Button>
      </Empty>
    </main>
  );
}
