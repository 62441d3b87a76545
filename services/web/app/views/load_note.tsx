// What stands where todos would while they are read, and where that has failed.
import type { ComponentChildren } from "preact";
import type { LoadState } from "../tasks/task_store.ts";

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
        <p class="load-note" role="status">
          Loading your {what}…
        </p>
      );
    case "failed":
      return (
        <p class="load-note">
          <button type="button" class="quiet" onClick={onRetry}>
            Load your {what} again
          </button>
        </p>
      );
    case "loaded":
      return <>{children}</>;
  }
}
