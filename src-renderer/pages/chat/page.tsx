import { MessageSquare } from "lucide-react";
import { go } from "../../app/navigation.ts";
import { TeamPage } from "../../app/team-page.tsx";
import { TeamFailure } from "../../team/team-failure.tsx";
import { useTeam } from "../../team/store.ts";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Composer } from "./composer.tsx";
import { FIRST_MESSAGES } from "./first-messages.ts";
import { Thread } from "./thread.tsx";
import { sendMessage } from "../../team/outbox.ts";

export function ChatPage() {
  const unread = useTeam((team) => team.seq === null);
  return <TeamPage unread={unread}>{({ server }) => <Conversation serverId={server.id} />}</TeamPage>;
}

function Conversation({ serverId }: { readonly serverId: string }) {
  const live = useTeam((team) => team.live);
  const unread = useTeam((team) => team.seq === null);
  const nothing = useTeam((team) => team.messages.length + team.pending.length + team.drafts.length === 0);
  return (
    <>
      <h1 className="sr-only">Chat</h1>
      {nothing ? (
        <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
          {live === "failed" && (
            <Column>
              <TeamFailure onOpenServer={() => go("server")} />
            </Column>
          )}
          {live !== "failed" && unread && (
            <Column>
              <Skeleton label="Reading the conversation" lines={5} />
            </Column>
          )}
          {!unread && <FirstMessage serverId={serverId} />}
        </div>
      ) : (
        <Thread serverId={serverId} key={serverId} />
      )}
      <Composer serverId={serverId} key={`composer-${serverId}`} />
    </>
  );
}

function Column({ children }: { readonly children: React.ReactNode }) {
  return <div className="mx-auto w-full max-w-[760px] px-6 py-8">{children}</div>;
}

function FirstMessage({ serverId }: { readonly serverId: string }) {
  const model = useTeam((team) => team.status?.model ?? null);
  return (
    <Empty
      icon={MessageSquare}
      title="What should the team do?"
      about="The supervisor answers, or gives the work to one of five specialists. You see what each of them does."
    >
      <div className="flex w-full flex-col gap-2">
        {FIRST_MESSAGES.map((text) => (
          <Button
            key={text}
            className="justify-start"
            onClick={() => sendMessage(serverId, { text, agent: null, mode: "auto" })}
          >
            {text}
          </Button>
        ))}
        {model === "simulated" && (
          <p className="mt-2 text-small text-faint">
            The simulated model understands requests like these and does them for real. It does not think.
          </p>
        )}
      </div>
    </Empty>
  );
}
