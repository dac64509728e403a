export function engineFeatures(): Readonly<Record<string, boolean>> {
  return { threads: true };
}
