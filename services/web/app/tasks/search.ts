// Finds tasks by what is typed, as the API does: each word typed must begin a word of the title or the description.

const WORD = /[\p{L}\p{N}]+/gu;

/** A test for texts; typing nothing that is a word finds nothing, and typing nothing at all finds everything. */
export function matcher(query: string): (title: string, description: string) => boolean {
  if (query.trim() === "") return () => true;
  const wanted = wordsOf(query);
  if (wanted.length === 0) return () => false;
  return (title, description) => {
    const words = wordsOf(`${title} ${description}`);
    return wanted.every((start) => words.some((word) => word.startsWith(start)));
  };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(WORD) ?? [];
}
