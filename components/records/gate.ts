/** Lets something that goes on in steps be held up between two of them. */
export interface Gate {
  /** Resolves while the gate is open, or once it is. */
  pass: () => Promise<void>;
  open: () => void;
  close: () => void;
}

/** An open gate. */
export function createGate(): Gate {
  let closed: Promise<void> | undefined;
  let release = () => {};
  return {
    pass: async () => closed,
    open() {
      closed = undefined;
      release();
    },
    close() {
      closed ??= new Promise((resolve) => {
        release = resolve;
      });
    },
  };
}
