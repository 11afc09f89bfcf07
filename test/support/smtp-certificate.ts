import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Certificate {
  key: string;
  /** PEM; as it is self-signed, it is also the authority that vouches for it. */
  cert: string;
}

/**
 * A certificate for `localhost` and 127.0.0.1 that nobody has signed but itself, valid for a day. Made anew for each
 * server, so that no private key lies in the repository. Needs `openssl` on PATH: Node signs, but builds no X.509.
 */
export async function selfSignedCertificate(): Promise<Certificate> {
  const { stdout } = await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', '-', '-out', '-'],
  ]);
  return { key: pem(stdout, 'PRIVATE KEY'), cert: pem(stdout, 'CERTIFICATE') };
}

function pem(text: string, label: string): string {
  const begin = text.indexOf(`-----BEGIN ${label}-----`);
  const endLine = `-----END ${label}-----`;
  const end = text.indexOf(endLine);
  if (begin < 0 || end < 0) throw new Error(`openssl printed no ${label}`);
  return text.slice(begin, end + endLine.length) + '\n';
}
