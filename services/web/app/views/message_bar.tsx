// Says what went wrong, or what can be undone, to eyes and to screen readers. The region is always there: one that
// comes with its text is not read out.
import type { Messages } from "../messages.ts";

export function MessageBar({ messages }: { messages: Messages }) {
  const message = messages.current.value;
  const act = () => {
    messages.dismiss();
    message?.action?.run();
  };
  return (
    <div class={message === undefined ? "message-bar" : "message-bar shown"}>
      <div role="status" aria-live="polite" class="message-text">
        {message?.text}
      </div>
      {message?.action !== undefined && (
        <button type="button" class="quiet" onClick={act}>
          {message.action.label}
        </button>
      )}
      {message !== undefined && (
        <button type="button" class="quiet" onClick={() => messages.dismiss()}>
          Dismiss
        </button>
      )}
    </div>
  );
}
