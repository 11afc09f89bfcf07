import { z } from 'zod';
import { lineOfText } from '../../contracts/primitives.js';
import { mailbox, type Mailbox } from './mailbox.js';

/** An AWS access key that may send, and the sender that AWS has verified. */
export interface SesCredentials {
  /** e.g. `eu-west-1` */
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Beside a key that is for a time only. */
  sessionToken?: string;
  /** Where SES reports events to, and which addresses it sends from. */
  configurationSetName?: string;
  /** Of the SNS topic that SES tells of bounces and the rest: what comes of another is refused. */
  topicArn?: string;
  from: Mailbox;
  /** Where answers go; the tenant's own where this is absent. */
  replyTo?: Mailbox;
}

/** The region becomes part of a host's name, and the key part of a header: nothing else may get in there. */
export const sesCredentials: z.ZodType<SesCredentials> = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]{2,12}){1,3}-\d{1,2}$/, 'must be an AWS region such as eu-west-1'),
  accessKeyId: z
    .string()
    .regex(/^[A-Z0-9]{16,128}$/, 'must be an access key ID: 16 or more capital letters and digits'),
  secretAccessKey: z
    .string()
    .regex(/^[A-Za-z0-9/+=]{16,128}$/, 'must be a secret access key, without blanks around it'),
  sessionToken: lineOfText(8192).optional(),
  configurationSetName: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1-64 letters, digits, dashes or underscores')
    .optional(),
  topicArn: z
    .string()
    .regex(
      /^arn:aws(-cn|-us-gov)?:sns:[a-z0-9-]{3,40}:\d{12}:[A-Za-z0-9_-]{1,256}$/,
      'must be the ARN of an SNS topic',
    )
    .optional(),
  from: mailbox,
  replyTo: mailbox.optional(),
});
