// Who is signed in, and the way out.
import type { User } from "../account/session.ts";

interface TopBarProps {
  user: User;
  reachable: boolean;
  onSignOut: () => void;
}

export function TopBar({ user, reachable, onSignOut }: TopBarProps) {
  return (
    <header class="top-bar">
      <span class="who" title={user.email}>
        {user.name || user.email}
      </span>
      {!reachable && (
        <span class="offline" role="status">
          Offline
        </span>
      )}
      <button type="button" class="quiet" onClick={onSignOut}>
        Sign out
      </button>
    </header>
  );
}
