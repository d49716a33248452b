/** What a response is written to. */
interface Sink<Message> {
  write(message: Message): boolean;
  once(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
}

/** Writes a message and waits while the client reads slower than the node writes. */
export function send<Message>(sink: Sink<Message>, message: Message, signal: AbortSignal): Promise<void> {
  if (signal.aborted || sink.write(message)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      sink.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    sink.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
