// What a PromQL expression names, found without evaluating it.

const WORDS = new Set(["and", "or", "unless", "by", "without", "on", "ignoring", "group_left", "group_right", "offset", "bool", "inf", "nan"]);

/** The metrics and recorded series. */
export function metricsIn(expr) {
  const bare = expr
    .replaceAll(/\{[^}]*\}/g, " ")
    .replaceAll(/"[^"]*"/g, " ")
    .replaceAll(/\[[^\]]*\]/g, " ")
    .replaceAll(/\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, " ")
    .replaceAll(/\boffset\s+\w+/g, " ");
  const names = [...bare.matchAll(/(?<![\w:.])([a-zA-Z_:][\w:]*)(\s*\()?/g)].filter(([, name, call]) => !call && !WORDS.has(name.toLowerCase()));
  return new Set(names.map(([, name]) => name));
}

/** Each selector with label matchers: the metric, and of each label the values that it names in plain words. */
export const selectorsIn = (expr) =>
  [...expr.matchAll(/([a-zA-Z_:][\w:]*)\{([^}]*)\}/g)].map(([, metric, matchers]) => ({
    metric,
    labels: [...matchers.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)].map(([, label, , values]) => ({
      label, values: values.split("|").filter((value) => /^\w+$/.test(value)) })),
  }));

/** A scrape in Prometheus' text format: of each series its name and labels. */
export const seriesOf = (text) =>
  text.split("\n").filter((line) => line && !line.startsWith("#")).map((line) => {
    const [, name, labels = ""] = line.match(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+/);
    return { name, labels: Object.fromEntries([...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, value]) => [label, value])) };
  });
