// The name of the view; that of a list can be changed, and the list deleted.
import { useSignal } from "@preact/signals";
import { hashOf, type View } from "../tasks/view.ts";
import type { Workspace } from "../workspace.ts";
import { Icon } from "./icons.tsx";

interface ListTitleProps {
  view: View;
  title: string;
  workspace: Workspace;
}

export function ListTitle({ view, title, workspace }: ListTitleProps) {
  const renaming = useSignal(false);
  const list = workspace.lists.lists.value.find((each) => view.kind === "list" && each.id === view.id);
  if (list === undefined) return <h1>{title}</h1>;

  const rename = (name: string) => {
    if (!renaming.value) return;
    renaming.value = false;
    void workspace.lists.rename(list, name);
  };
  const remove = async () => {
    const here = location.hash;
    const isGone = await workspace.lists.remove(list);
    if (isGone && location.hash === here) location.hash = hashOf({ view: { kind: "all" }, filter: "all" });
  };
  if (renaming.value) {
    return (
      <>
        <h1 class="visually-hidden">{title}</h1>
        <input
          class="list-name"
          aria-label="Name of the list"
          maxLength={255}
          ref={(input) => input?.focus()}
          value={title}
          onBlur={(event) => rename(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !event.isComposing) rename(event.currentTarget.value);
            if (event.key === "Escape") renaming.value = false;
          }}
        />
      </>
    );
  }
  return (
    <>
      <h1>{title}</h1>
      <div class="title-tools">
        <button
          type="button"
          class="icon-button"
          aria-label={`Rename the list ${title}`}
          onClick={() => {
            renaming.value = true;
          }}
        >
          <Icon name="edit" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label={`Delete the list ${title}; its todos stay`}
          onClick={() => void remove()}
        >
          <Icon name="trash" />
        </button>
      </div>
    </>
  );
}
