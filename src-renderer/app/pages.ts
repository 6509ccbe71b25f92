import {
  Bot,
  Coins,
  History,
  ListTree,
  MessageSquare,
  ScrollText,
  Server,
  Settings,
  SquareTerminal,
  type LucideIcon,
} from "lucide-react";
import type { Page } from "./navigation.ts";

export interface PageEntry {
  readonly page: Page;
  readonly label: string;
  readonly icon: LucideIcon;
}

/** In the order of the sidebar and of Ctrl+1…. */
export const PAGE_ENTRIES: readonly PageEntry[] = [
  { page: "chat", label: "Chat", icon: MessageSquare },
  { page: "agents", label: "Agents", icon: Bot },
  { page: "tasks", label: "Tasks", icon: ListTree },
  { page: "terminals", label: "Terminals", icon: SquareTerminal },
  { page: "spend", label: "Spend", icon: Coins },
  { page: "audit", label: "Audit", icon: ScrollText },
  { page: "snapshots", label: "Snapshots", icon: History },
  { page: "server", label: "Server", icon: Server },
  { page: "settings", label: "Settings", icon: Settings },
];
