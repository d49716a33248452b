import { createRequire } from 'node:module';

/**
 * Takes out of fabric-shim what it does for each transaction without need, half of a chaincode process's time: its logger formats
 * every line before it looks whether the level is written at all, and the caller's certificate is read anew each time. To be
 * imported before fabric-shim.
 */

interface Logger {
  level: string;
  levels: Record<string, number>;
  [method: string]: unknown;
}

interface Parser<Certificate> {
  fromPEM(pem: Buffer): Certificate;
}

const ofShim = createRequire(createRequire(import.meta.url).resolve('fabric-shim'));
const winston: { createLogger(options: { level: string }): Logger } = ofShim('winston');
const x509: { Certificate: Parser<object> } = ofShim('@fidm/x509');

const { createLogger } = winston;
// Called with `new`, so no arrow function.
winston.createLogger = function createQuietLogger(options) {
  const logger = createLogger(options);
  for (const level of Object.keys(logger.levels)) {
    const write = logger[level];
    if (typeof write !== 'function') continue;
    // Asked at each line, since a contract may change the level.
    logger[level] = (...line: unknown[]) =>
      (logger.levels[level] ?? 0) > (logger.levels[logger.level] ?? 0) ? logger : Reflect.apply(write, logger, line);
  }
  return logger;
};

/** People who call often are few; a certificate with its text is about 10 KB. */
const limit = 1_000;
const read = new Map<string, object>();
const { fromPEM } = x509.Certificate;
x509.Certificate.fromPEM = (pem) => {
  const text = pem.toString('latin1');
  let certificate = read.get(text);
  if (!certificate) {
    certificate = Reflect.apply(fromPEM, x509.Certificate, [pem]);
    if (read.size >= limit) read.clear();
    read.set(text, certificate);
  }
  return certificate;
};
