import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';

/**
 * Takes the groups to watch as arguments, then reads `watch <group>` and `forget <group>`; when its input ends without `dismiss`, whoever wrote to it has died, and
 * it ends the watched process groups: first kindly, after five seconds for good.
 */
const script = `
  trap '' INT TERM HUP QUIT
  watched=$*
  while read -r word group; do
    case $word in
      watch) watched="$watched $group" ;;
      forget) kept=; for one in $watched; do [ "$one" = "$group" ] || kept="$kept $one"; done; watched=$kept ;;
      dismiss) exit 0 ;;
    esac
  done
  for group in $watched; do kill -s TERM -- "-$group" 2>/dev/null; done
  tenths=0
  while [ "$tenths" -lt 50 ]; do
    alive=
    for group in $watched; do kill -s 0 -- "-$group" 2>/dev/null && alive=yes; done
    [ -n "$alive" ] || exit 0
    sleep 0.1
    tenths=$((tenths + 1))
  done
  for group in $watched; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

/**
 * Ends our children when we cannot: after a SIGKILL of this process. A shell (1 MB, against 40 MB of a second Node) in a
 * session of its own, bound to us by nothing but the pipe that the system closes when we die.
 */
export class Guard {
  private readonly watched = new Set<number>();
  private shell: ChildProcess;
  private isDismissed = false;

  constructor() {
    this.shell = this.post();
  }

  /** From now on the group of this leader ends with us. */
  watch(pid: number): void {
    this.watched.add(pid);
    this.tell(`watch ${pid}`);
  }

  /** The leader has ended; its number may soon be somebody else's. */
  forget(pid: number): void {
    if (this.watched.delete(pid)) this.tell(`forget ${pid}`);
  }

  /** Sends the guard home; what it watched is left alone. */
  dismiss(): void {
    if (this.isDismissed) return;
    this.isDismissed = true;
    this.tell('dismiss');
    this.shell.stdin?.end();
  }

  private tell(line: string): void {
    this.shell.stdin?.write(`${line}\n`);
  }

  private post(): ChildProcess {
    const shell = spawn('/bin/sh', ['-c', script, 'carillon-guard', ...[...this.watched].map(String)], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // A broken pipe means that the guard died; `exit` below replaces it.
    shell.stdin?.on('error', () => undefined);
    // Watching is no reason for this process to stay.
    shell.unref();
    if (shell.stdin instanceof Socket) shell.stdin.unref();
    shell.once('exit', () => {
      if (!this.isDismissed) this.shell = this.post();
    });
    return shell;
  }
}
