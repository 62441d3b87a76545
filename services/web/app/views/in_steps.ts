// Long lists are drawn in steps, a frame each: what is typed or pressed meanwhile does not wait for all of it.
import { useEffect, useRef, useState } from "preact/hooks";

const STEP = 100;

/** How many of `count` to draw now: the first ones at once when `what` has changed, then more with each frame. */
export function useSteps(count: number, what: string): number {
  const [, redraw] = useState(0);
  const drawn = useRef({ what, limit: STEP });
  if (drawn.current.what !== what) drawn.current = { what, limit: STEP };
  const { limit } = drawn.current;
  useEffect(() => {
    if (limit >= count) return;
    const frame = requestAnimationFrame(() => {
      drawn.current.limit += STEP;
      redraw(drawn.current.limit);
    });
    return () => cancelAnimationFrame(frame);
  }, [limit, count, what]);
  return limit;
}
