// @digitalbazaar/vc as a contender: node peer.mjs INPUT.json, then one line of JSON in ("verify" or "issue", count), one
// line out (milliseconds for each). INPUT holds {contexts, documents, credential, unsigned, seed, method}.

import {readFileSync} from 'node:fs';
import {createInterface} from 'node:readline';
import * as vc from '@digitalbazaar/vc';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';

const input = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const documents = new Map([...Object.entries(input.contexts), ...Object.entries(input.documents)]);

async function documentLoader(url) {
  if(documents.has(url)) {
    return {contextUrl: null, documentUrl: url, document: documents.get(url)};
  }
  return vc.defaultDocumentLoader(url);
}

const key = await Ed25519Multikey.from({...input.key, '@context': 'https://w3id.org/security/multikey/v1'});
const issuing = () => new DataIntegrityProof({signer: key.signer(), cryptosuite});
const verifying = new DataIntegrityProof({cryptosuite});

const acts = {
  async verify() {
    const credential = JSON.parse(input.credential);
    const result = await vc.verifyCredential({credential, suite: verifying, documentLoader, checkStatus: () => ({verified: true})});
    if(!result.verified) {
      throw result.error;
    }
  },
  async issue() {
    const credential = JSON.parse(input.unsigned);
    JSON.stringify(await vc.issue({credential, suite: issuing(), documentLoader}));
  }
};

for await (const line of createInterface({input: process.stdin})) {
  const [act, count] = JSON.parse(line);
  const start = process.hrtime.bigint();
  for(let i = 0; i < count; i++) {
    await acts[act]();
  }
  console.log(Number(process.hrtime.bigint() - start) / 1e6 / count);
}
