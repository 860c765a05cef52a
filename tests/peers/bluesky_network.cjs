// A whole Bluesky of its own (PDS, AppView, PLC, Ozone: the services as they are published), on this machine only, with
// the accounts city.test and citizen.test. Writes what Python needs to know into READY.
// Environment: HOME_OF_PACKAGES, DB_POSTGRES_URL, REDIS_HOST, READY, PLC_PORT PDS_PORT APPVIEW_PORT OZONE_PORT.
const fs = require('node:fs')
const net = require('node:net')
const { createRequire } = require('node:module')

// The services listen on every address; nothing of a test may.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...where) {
  if (typeof where[0] === 'number' || (typeof where[0] === 'string' && /^\d+$/.test(where[0]))) {
    typeof where[1] === 'string' ? (where[1] = '127.0.0.1') : where.splice(1, 0, '127.0.0.1')
  } else if (where[0] && typeof where[0] === 'object' && where[0].port !== undefined && !where[0].path) {
    where[0] = { ...where[0], host: '127.0.0.1' }
  }
  return listen.apply(this, where)
}

const packages = createRequire(process.env.HOME_OF_PACKAGES + '/package.json')
const { TestNetwork } = packages('@atproto/dev-env')
const { AtpAgent } = packages('@atproto/api')
const port = (name) => Number(process.env[name + '_PORT'])

async function main() {
  const network = await TestNetwork.create({
    dbPostgresSchema: 'desk',
    plc: { port: port('PLC') },
    pds: { port: port('PDS'), hostname: 'localhost', enableDidDocWithSession: true },
    bsky: { dbPostgresSchema: 'desk', port: port('APPVIEW'), publicUrl: 'http://localhost:' + port('APPVIEW') },
    ozone: {
      port: port('OZONE'),
      chatUrl: 'http://localhost:1',
      chatDid: 'did:example:chat',
      dbMaterializedViewRefreshIntervalMs: 30000,
    },
  })
  const agent = new AtpAgent({ service: 'http://127.0.0.1:' + port('PDS') })
  for (const name of ['city', 'citizen']) {
    await agent.createAccount({ handle: name + '.test', email: name + '@example.test', password: name + '-pass' })
  }
  await network.processAll()
  fs.writeFileSync(process.env.READY, 'ready')
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
