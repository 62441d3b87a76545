// What was deleted within the last 30 days.
import { useEffect } from "preact/hooks";
import type { Workspace } from "../workspace.ts";

export function Trash({ workspace }: { workspace: Workspace }) {
  const { tasks } = workspace;
  useEffect(() => {
    document.title = "Trash – todos";
    void tasks.load({ withTrash: true });
  }, [tasks]);
  const deleted = [...tasks.trash.value].sort((a, b) => ((a.deletedAt ?? "") < (b.deletedAt ?? "") ? 1 : -1));
  return (
    <section class="todoapp" aria-label="Trash">
      <header class="header">
        <div class="title-row">
          <h1>Trash</h1>
        </div>
        <p class="subtitle">Deleted todos stay here for 30 days.</p>
      </header>
      {deleted.length === 0 ? (
        <p class="load-note">The trash is empty.</p>
      ) : (
        <section class="main only">
          <ul class="todo-list" aria-label="Deleted todos">
            {deleted.map((task) => (
              <li key={task.key}>
                <div class="view">
                  <span class="title">{task.title}</span>
                  <button
                    type="button"
                    class="quiet"
                    aria-label={`Restore ${task.title}`}
                    onClick={() => void tasks.restore([task.key])}
                  >
                    Restore
                  </button>
                </div>
              </li>
            ))}
          </ul>
        </section>
      )}
    </section>
  );
}
