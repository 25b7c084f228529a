const sections = { A: 29, B: 14, C: 30, D: 15, F: 20, G: 5 };

/** The numbers of the catalogue of faults that the table answers for: sections A–D, F and G. */
export const catalogue: readonly string[] = Object.entries(sections).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, n) => `${section}${n + 1}`),
);
