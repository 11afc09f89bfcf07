import { createTransport, type SendMailOptions } from 'nodemailer';

const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });

/** The message as it crosses the wire (RFC 5322), for providers that take it as a whole. */
export async function mimeOf(mail: SendMailOptions): Promise<Uint8Array> {
  const { message } = await composer.sendMail(mail);
  if (!Buffer.isBuffer(message)) throw new Error('composing was to answer a buffer');
  return message;
}
