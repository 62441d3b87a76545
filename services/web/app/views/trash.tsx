// What was deleted within the last 30 days.
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { dayLabel, localMoment } from "../tasks/due.ts";
import type { Workspace } from "../workspace.ts";
import type { LoadState } from "../tasks/task_store.ts";
import { Empty } from "./empty.tsx";
import { LoadNote } from "./load_note.tsx";

export function Trash({ workspace }: { workspace: Workspace }) {
  const { tasks } = workspace;
  const loadState = useSignal<LoadState>("loading");
  const load = async () => {
    loadState.value = "loading";
    loadState.value = (await tasks.load({ withTrash: true })) ? "loaded" : "failed";
  };
  useEffect(() => {
    document.title = "Trash – todos";
    void load();
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
        <LoadNote loadState={loadState.value} what="trash" onRetry={() => void load()}>
          <Empty icon="trash" title="The trash is empty." hint="What you delete can be had back from here." />
        </LoadNote>
      ) : (
        <section class="main only">
          <ul class="todo-list" aria-label="Deleted todos">
            {deleted.map((task) => (
              <li key={task.key}>
                <div class="view">
                  <div class="what">
                    <span class="title">{task.title}</span>
                    <p class="meta">
                      <span class="chip">Deleted: {dayOf(task.deletedAt, workspace.now.value)}</span>
                    </p>
                  </div>
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

function dayOf(instant: string | undefined, nowMs: number): string {
  const then = instant === undefined ? nowMs : Date.parse(instant);
  return dayLabel(localMoment(then).date, localMoment(nowMs).date);
}
