import { Notification } from "electron";
import type { Notifier } from "../attention/notifier.ts";

interface NotifierParts {
  readonly isFocused: () => boolean;
  readonly showWindow: () => void;
}

/**
 * Notifications of the desktop. Of ordinary urgency, so that the system's quiet hours hold them back; a click brings
 * the window up.
 */
export function desktopNotifier({ isFocused, showWindow }: NotifierParts): Notifier {
  // A notification that nobody holds is collected, and its click lost.
  const open = new Set<Notification>();
  return {
    isLookedAt: isFocused,
    show({ title, body, onOpen }) {
      if (!Notification.isSupported()) return () => undefined;
      const notification = new Notification({ title, body, urgency: "normal" });
      open.add(notification);
      notification.on("click", () => {
        showWindow();
        onOpen();
      });
      notification.on("close", () => open.delete(notification));
      notification.show();
      return () => {
        notification.close();
        open.delete(notification);
      };
    },
  };
}
