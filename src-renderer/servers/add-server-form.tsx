import { addServer } from "./actions.ts";
import { LoginForm } from "./login-form.tsx";

interface AddServerFormProps {
  readonly onAdded: () => void;
  readonly onCancel?: () => void;
}

export function AddServerForm({ onAdded, onCancel }: AddServerFormProps) {
  return <LoginForm does="Add and connect" send={addServer} onDone={onAdded} onCancel={onCancel} />;
}
