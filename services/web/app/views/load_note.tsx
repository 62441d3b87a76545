// What stands where todos would while they are read, and where that has failed.
import type { ComponentChildren } from "preact";
import type { LoadState } from "../tasks/task_store.ts";
import { Icon } from "./icons.tsx";

interface LoadNoteProps {
  loadState: LoadState;
  /** What is read, as in “your todos”. */
  what: string;
  onRetry: () => void;
  /** Shown once they have been read. */
  children: ComponentChildren;
}

export function LoadNote({ loadState, what, onRetry, children }: LoadNoteProps) {
  switch (loadState) {
    case "loading":
      return (
        <div class="skeleton" role="status">
          <span class="visually-hidden">Loading your {what}…</span>
          <i />
          <i />
          <i />
        </div>
      );
    case "failed":
      return (
        <p class="load-note">
          <Icon name="overdue" />
          <strong>Your {what} could not be loaded.</strong>
          <button type="button" class="primary" onClick={onRetry}>
            Load your {what} again
          </button>
        </p>
      );
    case "loaded":
      return <>{children}</>;
  }
}
