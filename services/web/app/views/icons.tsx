// Drawn in the current text colour; their buttons carry the names.

const PATHS = {
  all: "M5 6.5h14M5 12h14M5 17.5h9",
  today: "M12 7.5v5l3.2 2M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0z",
  upcoming:
    "M4.5 9.5h15M8 4v3.5M16 4v3.5M6 5.8h12a1.5 1.5 0 0 1 1.5 1.5v10.4a1.5 1.5 0 0 1-1.5 1.5H6a1.5 1.5 0 0 1-1.5-1.5V7.3A1.5 1.5 0 0 1 6 5.8z",
  overdue:
    "M12 8.5v4.2M12 16.2v.1M10.7 4.9L3.6 17.2A1.5 1.5 0 0 0 4.9 19.5h14.2a1.5 1.5 0 0 0 1.3-2.3L13.3 4.9a1.5 1.5 0 0 0-2.6 0z",
  list: "M4 7.8A1.8 1.8 0 0 1 5.8 6h3.6l2 2.3h6.8A1.8 1.8 0 0 1 20 10.1v6.6a1.8 1.8 0 0 1-1.8 1.8H5.8A1.8 1.8 0 0 1 4 16.7z",
  tag: "M4.5 11.2V5.7a1.2 1.2 0 0 1 1.2-1.2h5.5l8 8a1.2 1.2 0 0 1 0 1.7l-5 5a1.2 1.2 0 0 1-1.7 0zM8.6 8.6v.1",
  trash:
    "M5 7.2h14M9.5 7V5.3a.8.8 0 0 1 .8-.8h3.4a.8.8 0 0 1 .8.8V7M7 7.2l.7 11a1.4 1.4 0 0 0 1.4 1.3h5.8a1.4 1.4 0 0 0 1.4-1.3l.7-11M10.3 11v5M13.7 11v5",
  edit: "M4.5 19.5l.9-4L16.2 4.7a1.6 1.6 0 0 1 2.3 0l.8.8a1.6 1.6 0 0 1 0 2.3L8.5 18.6zM14.3 6.6l3.1 3.1",
  delete: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  grip: "M9 6v.1M15 6v.1M9 12v.1M15 12v.1M9 18v.1M15 18v.1",
  menu: "M4.5 7h15M4.5 12h15M4.5 17h15",
  search: "M10.8 17.1a6.3 6.3 0 1 0 0-12.6 6.3 6.3 0 0 0 0 12.6zM15.5 15.5l4.2 4.2",
  notes: "M5 6.5h14M5 11h14M5 15.5h8",
  add: "M12 5.5v13M5.5 12h13",
  done: "M5 12.6l4.6 4.6L19 7.4",
  flag: "M6 20V4.8c4-2 7 2 12 0v8.7c-5 2-8-2-12 0",
} as const;

/** The app's name behind its mark, which is that of public/icon.svg. */
export function Wordmark() {
  return (
    <>
      <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="9" fill="currentColor" />
        <path d="M9 16.8l4.8 4.7L23.4 11" />
      </svg>
      <span class="wordmark">todos</span>
    </>
  );
}

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
