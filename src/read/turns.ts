/** Who may use the reader next: calls that wait for an answer before those that were answered already. Knows nothing of what is read. */

export interface Turns {
  /** A call that is waited for, until it is answered or its readings are done. */
  wait(call: Promise<void>): void;
  /** For work that nobody waits for any more: one at a time, since what one reads the next finds in the store. Call what comes back when it is done. */
  enterBackground(): Promise<() => void>;
  /** Resolves when no call is waited for. */
  untilQuiet(): Promise<void>;
}

export function createTurns(): Turns {
  const waiting = new Set<Promise<void>>();
  let last: Promise<void> = Promise.resolve();
  return {
    wait(call) {
      waiting.add(call);
      void call.finally(() => waiting.delete(call));
    },
    async enterBackground() {
      const before = last;
      let leave = (): void => {};
      last = new Promise((resolve) => {
        leave = resolve;
      });
      await before;
      return leave;
    },
    async untilQuiet() {
      while (waiting.size > 0) await Promise.all([...waiting]);
    },
  };
}
