/** What was typed cannot be understood: exit status 2. */
export class UsageError extends Error {
  readonly tip: string | undefined;

  constructor(message: string, tip?: string) {
    super(message);
    this.tip = tip;
  }

  override get name(): string {
    return "UsageError";
  }
}
