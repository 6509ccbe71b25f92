/** One line per command, and the text of `--help` for each. */
export const HELP: Readonly<Record<string, string>> = {
  provision: `ai-infra provision [user@]host[:port] [--identity KEY] [--name NAME] [--plan] [--yes]
                   [--accept-host-key FINGERPRINT] [--model simulated|anthropic] [--key-file FILE]
                   [--password | --ssh-agent | --agent-key FINGERPRINT] [--jump [user@]host[:port]]
                   [--[no-]docker] [--reboot-at HH:MM|never] [--qdrant FILE] [--package-updates]

Makes a Debian or Ubuntu server the home of a team of agents. Shows the plan first; running again changes nothing.
  --identity KEY           private key to log in with (default: SSH agent, then ~/.ssh/id_*)
  --password               log in with a password (asked, or AI_INFRA_PASSWORD)
  --ssh-agent              let the running SSH agent log in; which of several keys is asked, and kept
  --agent-key FPR          let it log in with this key (SHA256:…)
  --jump, -J TARGET        reach the server through this host, signed in to as the server unless told otherwise:
  --jump-identity KEY      private key for the jump host
  --jump-password          a password for it (asked, or AI_INFRA_JUMP_PASSWORD)
  --accept-jump-key FPR    accept this host key of a jump host that is unknown here
  --name NAME              what to call the server here
  --plan                   show what would change, and stop
  --yes                    do not ask before changing the server
  --accept-host-key FPR    accept this host key (SHA256:…) of a server that is unknown here
  --model NAME             simulated (demos and tests) or anthropic
  --key-file FILE          file with the Anthropic API key, - for standard input
  --no-docker              without Docker, which a server gets otherwise; one that is there stays
  --reboot-at HH:MM|never  when the server may restart by itself after a security update that needs it (default: never)
  --qdrant FILE            the official archive of Qdrant, for a server that cannot fetch it from GitHub
  --package-updates        also install the package updates that there are, this once; services restart as usual
Docker and the time are kept on the server until they are chosen anew, in the app or here.
Names of ~/.ssh/config mean what they mean to ssh, with HostName, User, Port, IdentityFile and ProxyJump.
Automation: AI_INFRA_PASSPHRASE, AI_INFRA_PASSWORD and AI_INFRA_SUDO_PASSWORD answer what would be asked, and
AI_INFRA_JUMP_PASSPHRASE and AI_INFRA_JUMP_PASSWORD what would be asked about the jump host.`,
  unprovision: `ai-infra unprovision [NAME] [--server NAME] [--yes]

Takes back what provisioning did, with the team's data.`,
  servers: `ai-infra servers [list | remove NAME]
       ai-infra servers edit NAME [[user@]host[:port]] [--identity KEY | --ssh-agent | --password] [--name NAME]
                             [--jump [user@]host[:port] | --jump none] [--jump-identity KEY | --jump-password]

Lists the servers known here, forgets one, or changes how it is reached; what is not named stays as it is.
Nothing is sent to the server: the next command connects, and asks for the fingerprint of another address.`,
  status: `ai-infra status [--server NAME]

Says how the team's services and agents are. Exit code 3 when not healthy.`,
  doctor: `ai-infra doctor [--server NAME]

Checks every step of provisioning on the server again, with what was chosen when it was provisioned, and names each line
that is not as it should be. Changes nothing. Exit code 3 when something differs.`,
  overview: `ai-infra overview [--server NAME]

Versions, services, disk, memory, certificates and updates of a server.`,
  chat: `ai-infra chat "text" [--server NAME] [--agent AGENT] [--mode auto|direct|algorithm]

Sends a message to the team and shows the answer as it is written. Ctrl-C cancels the task.
  --mode MODE              auto: the supervisor decides; direct: answered at once;
                           algorithm: planned, worked on in phases and verified by qa`,
  tasks: `ai-infra tasks [list | show ID | cancel ID | pause ID | resume ID | priority ID 1..10 | tell ID "text"] [--server NAME]

Pause stops a task where nothing is lost; tell gives the agent a word while it works.`,
  approvals: `ai-infra approvals [list | allow ID [--minutes N] | deny ID] [--server NAME]

What agents may not do without a person's yes.`,
  grants: `ai-infra grants [list | give AGENT TOOL [PROGRAM|-] [VERB|-] [TARGET|-] --minutes N | revoke ID] [--server NAME]

What agents may do for some time without being asked, such as: grants give infra systemd - restart nginx --minutes 60`,
  audit: `ai-infra audit [list] [--agent AGENT] [--task ID] [--kind KIND] [--text TEXT] [--limit NUMBER] [--server NAME]
ai-infra audit verify [--server NAME]
ai-infra audit export [FILE] [--server NAME]

What happened on a server, newest first. verify computes the chain of all records again and compares it with what this
computer has kept of it; exit code 1 when it was changed. export writes one record a line, as JSON.`,
  agents: `ai-infra agents [list | show NAME | set NAME OPTIONS | reset NAME [--yes] | start NAME] [--server NAME]

Who the agents are: model, tools, budget, prompt; list says what each takes at the moment, too. start lets an agent
work again that was stopped because its console only crashed. A change is in force with the agent's next turn.
  --model NAME             such as claude-sonnet-5-5
  --tools A,B,C            these and no others; empty for none
  --budget USD             for its use of the model on one day, or none
  --max-tokens N           of one answer, its thinking included
  --concurrency N          tasks at a time
  --effort NAME            low, medium, high, xhigh or max
  --thinking NAME          adaptive, off, or a number of tokens
  --driver NAME            api, or claude-code where it is installed: docs/claude-code-driver.md
  --prompt-file FILE       what it is told, - for standard input
Level and MCP servers change in the file on the server only: docs/agents.md.`,
  attach: `ai-infra attach AGENT [--server NAME]

Shows the agent's tmux window in this terminal. Ctrl-] leaves it.
Windows: supervisor, code, data, infra, research, qa, monitor, logs.`,
  "model-key": `ai-infra model-key [--server NAME] [--key-file FILE]

Stores the Anthropic API key where the team runs: asked without echo, from a file, or - for standard input.`,
  "web-search": `ai-infra web-search searxng --url ADDRESS | brave | off [--key-file FILE] [--server NAME]

Who searches the web for agents; off: the model's own provider. The key is asked without echo, from a file, or - for
standard input. It is stored as the model's key is, and kept only for the same provider at the same address.`,
  snapshots: `ai-infra snapshots [list | show ID | restore ID [--yes]] [--server NAME]

What was kept before actions that destroy something. A restore keeps what is there now first, so it can be undone.
  --yes                    do not ask before replacing what is there`,
  spend: `ai-infra spend [--days N] [--server NAME]

What the team's model has cost in the last days (7 unless said): by day, agent and task, at list prices.`,
  budget: `ai-infra budget [list | set NAME USD | remove NAME | retry] [--server NAME]

What the team may cost. NAME is team (a day), task (each task with all it gives away) or an agent (a day).
Work that meets its budget rests and goes on by itself when there is room. \`retry\` lets everything that rests try now.`,
  local: `ai-infra local start|stop|status [--model simulated|anthropic] [--key-file FILE]

The team on this computer. It goes on when this command ends.`,
};

export const USAGE = `ai-infra: a standing team of AI agents on your own server

  provision    make a server the home of a team          unprovision  take that back
  servers      the servers known here                    status       how a team is
  overview     a server's versions, disk, updates        doctor       what is not as it should be on it
  chat         talk to the team                          tasks        what it does and did
  attach       an agent's window in this terminal        approvals    what waits for your yes
  spend        what the model has cost                   budget       what it may cost
  agents       who they are, and changing that
  model-key    store the Anthropic API key               local        the team on this computer
  web-search   who searches the web for agents
  snapshots    what was kept before deleting, and putting it back
  audit        what happened, and whether it was changed

--json prints one JSON object per line, the last one being the result. --help after a command says more.
Exit codes: 0 done, 1 failed, 2 misused, 3 not healthy, 130 cancelled. AI_INFRA_HOME moves all local state.`;
