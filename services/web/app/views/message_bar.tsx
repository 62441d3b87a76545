// Says what went wrong, or what can be undone, to eyes and to screen readers. The region is always there: one that
// comes with its text is not read out.
import type { Messages } from "../messages.ts";
import { Icon } from "./icons.tsx";

export function MessageBar({ messages }: { messages: Messages }) {
  const message = messages.current.value;
  const dismiss = (event: MouseEvent) => {
    messages.dismiss();
    // The button goes away, and with it the place of someone who has pressed it by keyboard.
    if (event.detail === 0) document.querySelector<HTMLElement>(".new-todo, #content")?.focus();
  };
  const act = (event: MouseEvent) => {
    dismiss(event);
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
        <button type="button" class="icon-button" aria-label="Dismiss" onClick={dismiss}>
          <Icon name="delete" />
        </button>
      )}
    </div>
  );
}
