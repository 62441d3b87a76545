// Light, dark, or as the system is. Put on the root element, where the style sheet looks.
import { effect, signal } from "@preact/signals";
import type { KeptItems } from "./kept_items.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type ThemeName = (typeof THEMES)[number];

const ITEM = "todo_theme";

export class Theme {
  readonly current = signal<ThemeName>("system");
  readonly #items: KeptItems;

  constructor(items: KeptItems, root: Pick<HTMLElement, "dataset">) {
    this.#items = items;
    this.current.value = THEMES.find((name) => name === items.getItem(ITEM)) ?? "system";
    effect(() => {
      root.dataset.theme = this.current.value;
    });
  }

  set(name: ThemeName): void {
    this.#items.setItem(ITEM, name);
    this.current.value = name;
  }
}
