/** A stand-in for the worker in tests of the embedded default: says that it is ready, and warns once. */
const json = (level: string, msg: string) => process.stdout.write(`${JSON.stringify({ level, msg })}\n`);

json('info', 'worker ready');
json('warn', 'a warning of the stand-in');
process.once('SIGTERM', () => {
  json('info', 'worker drained');
  process.exit(0);
});
setInterval(() => undefined, 60_000);
