// What moved between two states of a list: where each row was, and how far that is from where it is now.
export function travels(before, after) {
  return Object.entries(after)
    .filter(([key, top]) => key in before && before[key] !== top)
    .map(([key, top]) => ({ key, by: before[key] - top }));
}
