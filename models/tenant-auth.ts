import { Schema, type Connection, type Model } from 'mongoose';
import { personRoles, type PersonRole, type TenantAuth } from '../contracts/tenant-auth.js';

interface TenantAuthRow extends Omit<TenantAuth, 'roleMapping' | 'audience'> {
  /** The tenant's ID. */
  _id: string;
  audience: string[];
  /** False where the audience was given as a single text. */
  audienceIsList: boolean;
  /** As a list, because a role's name may hold what a field's may not. */
  roleMapping: { name: string; role: PersonRole }[];
  updatedAt: Date;
}

const schema = new Schema<TenantAuthRow>(
  {
    _id: String,
    jwksUrl: String,
    jwks: {
      type: new Schema(
        {
          keys: [
            {
              _id: false,
              kty: String,
              kid: String,
              use: String,
              alg: String,
              n: String,
              e: String,
              crv: String,
              x: String,
              y: String,
            },
          ],
        },
        { _id: false },
      ),
      default: undefined,
    },
    issuer: String,
    audience: [String],
    audienceIsList: Boolean,
    tenantClaim: { type: String, required: true },
    subjectClaim: { type: String, required: true },
    rolesClaim: { type: String, required: true },
    roleMapping: [{ _id: false, name: String, role: { type: String, enum: personRoles } }],
    allowedOrigins: [String],
    updatedAt: { type: Date, required: true },
  },
  { collection: 'tenantAuth', versionKey: false },
);
// Serves isOriginAllowed, which asks before anybody has said which tenant they belong to.
schema.index({ allowedOrigins: 1 });

/** How each tenant's own people prove who they are, and from where their browsers call. */
export class TenantAuthSettings {
  private readonly model: Model<TenantAuthRow>;

  constructor(connection: Connection) {
    this.model = connection.model<TenantAuthRow>('TenantAuth', schema);
  }

  async replace(tenantId: string, auth: TenantAuth): Promise<void> {
    const { audience = [], roleMapping, ...plain } = auth;
    await this.model.replaceOne(
      { _id: tenantId },
      {
        ...plain,
        _id: tenantId,
        audience,
        audienceIsList: Array.isArray(audience),
        roleMapping: Object.entries(roleMapping).map(([name, role]) => ({ name, role })),
        updatedAt: new Date(),
      },
      { upsert: true },
    );
  }

  /** False when there was nothing. */
  async remove(tenantId: string): Promise<boolean> {
    return (await this.model.deleteOne({ _id: tenantId })).deletedCount === 1;
  }

  /** Of these tenants, those that have set it up. */
  async findAll(tenantIds: readonly string[]): Promise<Map<string, TenantAuth>> {
    const rows = await this.model
      .find({ _id: { $in: tenantIds } })
      .lean<TenantAuthRow[]>()
      .exec();
    return new Map(rows.map((row) => [row._id, show(row)]));
  }

  /** Whether any tenant lets pages of this origin call. */
  async isOriginAllowed(origin: string): Promise<boolean> {
    return (await this.model.exists({ allowedOrigins: origin }).lean().exec()) !== null;
  }
}

function show(row: TenantAuthRow): TenantAuth {
  const { _id, updatedAt: _at, audienceIsList, audience, roleMapping, ...plain } = row;
  const [only] = audience;
  return {
    ...plain,
    ...(only === undefined ? {} : { audience: audienceIsList ? audience : only }),
    roleMapping: Object.fromEntries(roleMapping.map(({ name, role }) => [name, role])),
  };
}
