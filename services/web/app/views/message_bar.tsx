// Says what went wrong, to eyes and to screen readers. The region is always there: one that
// comes with its text is not read out.
import type { Messages } from "../messages.ts";

export function MessageBar({ messages }: { messages: Messages }) {
  const text = messages.current.value;
  return (
    <div class="message-bar">
      <div role="status" aria-live="polite" class="message-text">
        {text}
      </div>
      {text !== "" && (
        <button type="button" class="quiet" onClick={() => messages.dismiss()}>
          Dismiss
        </button>
      )}
    </div>
  );
}
