import { ArrowLeft, Laptop, Server } from "lucide-react";
import { useState } from "react";
import { go } from "../../app/navigation.ts";
import { AddServerForm } from "../../servers/add-server-form.tsx";
import { LocalStart } from "../../servers/local-start.tsx";
import { Button } from "../../ui/button.tsx";
import { TeamFigure } from "./team-figure.tsx";

/** The first thing a person sees: two ways to have a team. */
export function Welcome() {
  const [adding, setAdding] = useState(false);
  return (
    <main className="h-full overflow-y-auto">
      <div
        className={`mx-auto flex min-h-full max-w-190 flex-col gap-8 px-6 py-10 ${adding ? "pt-[12vh]" : "justify-center"}`}
      >
        {adding ? <AddServer onBack={() => setAdding(false)} /> : <Choices onAdd={() => setAdding(true)} />}
      </div>
    </main>
  );
}

function Choices({ onAdd }: { readonly onAdd: () => void }) {
  return (
    <>
      <header className="flex flex-col gap-2">
        <TeamFigure />
        <h1 className="mt-3 text-[26px] leading-9 tracking-[-0.01em]">A team of agents, on a machine of yours</h1>
        <p className="max-w-140 text-large text-balance text-dim">
          A supervisor and five specialists take your requests, work on their own and report back. They go on when you
          close this window. Where should they work?
        </p>
      </header>
      <div className="grid gap-4 phone:grid-cols-2">
        <section className="card flex flex-col gap-3 p-5">
          <h2 className="flex items-center gap-2.5 text-large">
            <Laptop className="size-5 text-accent" strokeWidth={1.7} aria-hidden />
            This computer
          </h2>
          <p className="flex-1 text-dim">
            Try everything here, without a server and without administrator rights. The team works in a folder of its
            own and stops when you stop it.
          </p>
          <LocalStart onStarted={() => go("chat")} />
        </section>
        <section className="card flex flex-col gap-3 p-5">
          <h2 className="flex items-center gap-2.5 text-large">
            <Server className="size-5 text-accent" strokeWidth={1.7} aria-hidden />
            Add a server
          </h2>
          <p className="flex-1 text-dim">
            A fresh Linux server and an SSH login are enough. You see every change before it is made, and the team works
            there day and night.
          </p>
          <div>
            <Button onClick={onAdd}>Add a server</Button>
          </div>
        </section>
      </div>
      <p className="text-small text-faint">
        The team starts with a simulated model that shows how everything works at no cost. Your Anthropic key turns it
        into a thinking one later.
      </p>
    </>
  );
}

function AddServer({ onBack }: { readonly onBack: () => void }) {
  return (
    <section className="mx-auto w-full max-w-120">
      <Button look="quiet" size="small" className="-ml-2 mb-3" onClick={onBack}>
        <ArrowLeft className="icon" aria-hidden />
        Back
      </Button>
      <h1 className="text-title">Add a server</h1>
      <p className="mb-5 text-dim">A Linux server you can log in to over SSH. Adding it changes nothing on it.</p>
      <AddServerForm onAdded={() => go("server")} />
    </section>
  );
}
