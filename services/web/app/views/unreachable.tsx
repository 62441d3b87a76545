// Nothing can be shown yet, and nobody is signed out for that.
import { Wordmark } from "./icons.tsx";

export function Unreachable({ onRetry }: { onRetry: () => void }) {
  return (
    <main class="panel">
      <h1>
        <Wordmark />
      </h1>
      <p role="alert">The server cannot be reached. You are not signed out.</p>
      <button type="button" class="primary" onClick={onRetry}>
        Try again
      </button>
    </main>
  );
}
