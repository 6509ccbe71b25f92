import { AddServerForm } from "../servers/add-server-form.tsx";
import { QuestionDialog } from "../servers/question-dialog.tsx";
import { useServer } from "../servers/store.ts";
import { Dialog } from "../ui/dialog.tsx";
import { go } from "./navigation.ts";
import { showFloating, useFloating } from "./windows.ts";

/** What floats over any page because of a server: adding one, and the questions of the one that is chosen. */
export function ServerWindows() {
  const adding = useFloating((state) => state.open === "add_server");
  const view = useServer();
  const close = () => showFloating("none");
  return (
    <>
      <Dialog
        open={adding}
        onClose={close}
        title="Add a server"
        about="A Linux server you can log in to over SSH. Adding it changes nothing on it."
      >
        <AddServerForm
          onCancel={close}
          onAdded={() => {
            close();
            go("server");
          }}
        />
      </Dialog>
      {view?.connection.state === "asking" && (
        <QuestionDialog
          key={JSON.stringify(view.connection.question)}
          server={view.server}
          question={view.connection.question}
        />
      )}
    </>
  );
}
