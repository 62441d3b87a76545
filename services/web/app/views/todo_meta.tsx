// The small print under a title: when it is due, its priority, list and tags.
import type { TaskList } from "../api/list_api.ts";
import { dueLabel, dueState } from "../tasks/due.ts";
import type { ShownTask } from "../tasks/entry.ts";
import { hashOf } from "../tasks/view.ts";
import { Icon } from "./icons.tsx";

interface TodoMetaProps {
  task: ShownTask;
  lists: readonly TaskList[];
  now: number;
  showsList: boolean;
}

export function TodoMeta({ task, lists, now, showsList }: TodoMetaProps) {
  const list = showsList ? lists.find((each) => each.id === task.listId) : undefined;
  const hasMore = task.dueDate !== undefined || task.priority !== "Medium" || task.tags.length > 0;
  if (!hasMore && list === undefined && task.description === "" && !task.isUnsent) return null;
  return (
    <p class="meta">
      {task.isUnsent && <span class="chip late">Not sent yet</span>}
      {task.dueDate !== undefined && <DueChip task={task} now={now} />}
      {task.priority !== "Medium" && (
        <span class={`chip ${task.priority.toLowerCase()}`}>
          <Icon name="flag" /> {task.priority}
        </span>
      )}
      {list !== undefined && (
        <a class="chip" href={hashOf({ view: { kind: "list", id: list.id }, filter: "all" })}>
          <Icon name="list" /> {list.name}
        </a>
      )}
      {task.tags.map((name) => (
        <a key={name} class="chip" href={hashOf({ view: { kind: "tag", name }, filter: "all" })}>
          #{name}
        </a>
      ))}
      {task.description !== "" && (
        <span class="chip" title={task.description}>
          <Icon name="notes" /> <span class="excerpt">{task.description}</span>
        </span>
      )}
    </p>
  );
}

function DueChip({ task, now }: { task: ShownTask; now: number }) {
  const state = dueState(task, now);
  const isLate = state === "overdue" && !task.isCompleted;
  return (
    <span class={`chip due ${isLate ? "late" : state}`}>
      <Icon name={isLate ? "overdue" : "upcoming"} />
      {isLate && <span class="visually-hidden">Overdue: </span>}
      {dueLabel(task, now)}
    </span>
  );
}
