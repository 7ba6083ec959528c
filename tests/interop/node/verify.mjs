#!/usr/bin/env node
// Checks evidence that Selaras exports, with none of its code and none of the Go verifier's: RFC
// 6962, the notes and the tiles are written out here, over node:crypto for SHA-256 and Ed25519.
// Same commands, output and exit codes as the Go program. See README.md for the specifications.

import { isUtf8 } from 'node:buffer';
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const USAGE = `usage:
  verify.mjs note --key VKEY FILE
  verify.mjs cosignature --key VKEY FILE
  verify.mjs proofs --inclusion|--consistency [FILE]
  verify.mjs receipt --key VKEY [--cosigner VKEY ...] --entry FILE PROOF
  verify.mjs tiles --key VKEY DIR
exit: 0 all valid, 1 something invalid or unreadable, 2 usage`;

const STDIN = 0;
const HASH_SIZE = 32;
const TILE_WIDTH = 256;
const TYPE_ED25519 = 0x01;
const TYPE_COSIGNATURE = 0x04;
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;
// The Go verifier cannot count further, and both must answer alike.
const MAX_TREE = 2n ** 62n;

/** A command line that cannot be run, as opposed to evidence that does not hold. */
class UsageError extends Error {}

/** Evidence that does not hold. */
class Invalid extends Error {}

// --- Encodings -----------------------------------------------------------------------------------

/** The bytes of the one base64 text that RFC 4648 section 4 lets an encoder write, or null. */
function fromBase64(text) {
  const data = Buffer.from(text, 'base64');
  return data.toString('base64') === text ? data : null;
}

function hashFromBase64(text) {
  const data = fromBase64(text);
  return data !== null && data.length === HASH_SIZE ? data : null;
}

function base64(data) {
  return data.toString('base64');
}

/** A decimal without leading zeros up to max, or null. */
function fromDecimal(text, max) {
  if (!/^(?:0|[1-9][0-9]*)$/.test(text)) {
    return null;
  }
  const value = BigInt(text);
  return value <= max ? value : null;
}

function sizeFrom(text, what) {
  const size = fromDecimal(text, MAX_INT64);
  if (size === null) {
    throw new Invalid(`${what}: expected a decimal from 0 to 2^63-1 without leading zeros, ` +
      `actual ${JSON.stringify(text)}`);
  }
  return size;
}

function readBytes(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Invalid(path === STDIN ? `stdin: ${error.message}` : error.message);
  }
}

/** Adds to the message of evidence that does not hold where it was found. */
function locate(place, action) {
  try {
    return action();
  } catch (error) {
    if (error instanceof Invalid) {
      throw new Invalid(`${place}: ${error.message}`);
    }
    throw error;
  }
}

// --- RFC 6962 ------------------------------------------------------------------------------------

function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest();
}

const LEAF_PREFIX = Buffer.from([0x00]);
const NODE_PREFIX = Buffer.from([0x01]);
const EMPTY_ROOT = sha256();

function leafHash(entry) {
  return sha256(LEAF_PREFIX, entry);
}

function nodeHash(left, right) {
  return sha256(NODE_PREFIX, left, right);
}

function bitLength(value) {
  return value === 0n ? 0 : value.toString(2).length;
}

function bitCount(value) {
  return value.toString(2).replaceAll('0', '').length;
}

function trailingZeros(value) {
  return value.toString(2).length - value.toString(2).lastIndexOf('1') - 1;
}

/** How many siblings the path of a leaf has: below where it parts from the last leaf, and above. */
function inclusionLength(index, size) {
  const inner = bitLength(index ^ (size - 1n));
  return inner + bitCount(index >> BigInt(inner));
}

/** As for the last leaf of the smaller tree, less the levels of its last complete subtree. */
function consistencyLength(size1, size2) {
  const complete = trailingZeros(size1);
  const seed = size1 === 1n << BigInt(complete) ? 0 : 1;
  return seed + inclusionLength(size1 - 1n, size2) - complete;
}

/** RFC 9162 section 2.1.3.2, from step 4. */
function rootOfInclusion(index, size, leaf, proof) {
  let fn = index;
  let sn = size - 1n;
  let root = leaf;
  for (const sibling of proof) {
    if ((fn & 1n) === 1n || fn === sn) {
      root = nodeHash(sibling, root);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      root = nodeHash(root, sibling);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n ? root : null;
}

/** RFC 9162 section 2.1.4.2, from step 2, for 0 < size1 < size2: the roots that the proof gives. */
function rootsOfConsistency(size1, size2, root1, proof) {
  const complete = (size1 & (size1 - 1n)) === 0n;
  const [seed, ...rest] = complete ? [root1, ...proof] : proof;
  let fn = size1 - 1n;
  let sn = size2 - 1n;
  while ((fn & 1n) === 1n) {
    fn >>= 1n;
    sn >>= 1n;
  }
  let first = seed;
  let second = seed;
  for (const sibling of rest) {
    if ((fn & 1n) === 1n || fn === sn) {
      first = nodeHash(sibling, first);
      second = nodeHash(sibling, second);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      second = nodeHash(second, sibling);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  return sn === 0n ? { first, second } : null;
}

/** Why a proof does not hold, with a detail for people: {reason, detail}. Null where it holds. */
function failure(reason, detail = '') {
  return { reason, detail };
}

function lengthFailure(proof, expected) {
  return proof.length === expected ? null
    : failure(`proof has ${proof.length} hashes, expected ${expected}`);
}

function mismatch(what, expected, actual) {
  return `${what}: expected ${base64(expected)}, actual ${actual ? base64(actual) : 'none'}`;
}

function checkInclusion({ leafIdx, treeSize, root, leafHash: leaf, proof }) {
  if (treeSize === 0n) {
    return failure('treeSize is 0');
  }
  if (leafIdx >= treeSize) {
    return failure(`leafIdx ${leafIdx} is not below treeSize ${treeSize}`);
  }
  if (treeSize > MAX_TREE) {
    return failure(`treeSize ${treeSize} is above 2^62`);
  }
  const wrongLength = lengthFailure(proof, inclusionLength(leafIdx, treeSize));
  if (wrongLength) {
    return wrongLength;
  }
  const actual = rootOfInclusion(leafIdx, treeSize, leaf, proof);
  return actual?.equals(root) ? null
    : failure('proof does not lead to the root', mismatch('root', root, actual));
}

function checkConsistency({ size1, size2, root1, root2, proof }) {
  if (size1 > size2) {
    return failure(`size1 ${size1} is above size2 ${size2}`);
  }
  if (size1 === size2 && !root1.equals(root2)) {
    return failure('root1 and root2 differ at the same size');
  }
  if (size1 === size2) {
    return lengthFailure(proof, 0);
  }
  if (size1 === 0n) {
    return failure('a proof from the empty tree says nothing');
  }
  if (size2 > MAX_TREE) {
    return failure(`size2 ${size2} is above 2^62`);
  }
  return lengthFailure(proof, consistencyLength(size1, size2)) ??
    checkGrowth(size1, size2, root1, root2, proof);
}

function checkGrowth(size1, size2, root1, root2, proof) {
  const actual = rootsOfConsistency(size1, size2, root1, proof);
  if (actual?.first.equals(root1) && actual.second.equals(root2)) {
    return null;
  }
  const detail = actual?.first.equals(root1) ? mismatch('root2', root2, actual.second)
    : mismatch('root1', root1, actual?.first);
  return failure('proof does not lead from root1 to root2', detail);
}

// --- Proofs as JSON lines ------------------------------------------------------------------------

/**
 * Parses JSON and keeps the digits of numbers: strings come back as "s…" and numbers as "n…".
 * JSON.parse alone would round what does not fit a double.
 */
function parseExactly(text) {
  JSON.parse(text);
  const tagged = text.replace(/"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*/g,
    (token) => (token[0] === '"' ? `"s${token.slice(1)}` : `"n${token}"`));
  return JSON.parse(tagged);
}

function parseObject(line) {
  let value = null;
  try {
    value = parseExactly(line);
  } catch {
    // The answer is the same for what is no JSON and for what is no object.
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Invalid('not a JSON object');
  }
  return value;
}

function field(object, name) {
  if (!Object.hasOwn(object, `s${name}`)) {
    throw new Invalid(`${name} is missing`);
  }
  return object[`s${name}`];
}

function uintField(object, name) {
  const value = field(object, name);
  const number = typeof value === 'string' && value[0] === 'n'
    ? fromDecimal(value.slice(1), MAX_UINT64) : null;
  if (number === null) {
    throw new Invalid(`${name} is not an unsigned 64-bit integer`);
  }
  return number;
}

function hashOf(value, name) {
  const hash = typeof value === 'string' && value[0] === 's'
    ? hashFromBase64(value.slice(1)) : null;
  if (hash === null) {
    throw new Invalid(`${name} is not the base64 of 32 bytes`);
  }
  return hash;
}

function proofField(object) {
  const value = field(object, 'proof');
  if (value === null) {
    return [];
  }
  if (!Array.isArray(value)) {
    throw new Invalid('proof is not a list or null');
  }
  return value.map((item, i) => hashOf(item, `proof[${i}]`));
}

function checkInclusionLine(line) {
  const object = parseObject(line);
  return checkInclusion({
    leafIdx: uintField(object, 'leafIdx'),
    treeSize: uintField(object, 'treeSize'),
    root: hashOf(field(object, 'root'), 'root'),
    leafHash: hashOf(field(object, 'leafHash'), 'leafHash'),
    proof: proofField(object),
  });
}

function checkConsistencyLine(line) {
  const object = parseObject(line);
  return checkConsistency({
    size1: uintField(object, 'size1'),
    size2: uintField(object, 'size2'),
    root1: hashOf(field(object, 'root1'), 'root1'),
    root2: hashOf(field(object, 'root2'), 'root2'),
    proof: proofField(object),
  });
}

function verdict(line, check) {
  try {
    return check(line);
  } catch (error) {
    if (error instanceof Invalid) {
      return failure(error.message);
    }
    throw error;
  }
}

function proofsCommand(args) {
  const { flags, files } = parseOptions(args, [], ['--inclusion', '--consistency']);
  if (flags.size !== 1 || files.length > 1) {
    throw new UsageError('proofs needs --inclusion or --consistency and at most one FILE');
  }
  const check = flags.has('--inclusion') ? checkInclusionLine : checkConsistencyLine;
  const name = files[0] ?? 'stdin';
  const text = readBytes(files[0] ?? STDIN).toString('utf8');
  if (text === '') {
    throw new Invalid(`${name}: expected at least one proof, actual an empty file`);
  }
  return answerLines(name, text.replace(/\n$/, '').split('\n'), check);
}

function answerLines(name, lines, check) {
  const answers = [];
  let exit = 0;
  lines.forEach((line, i) => {
    const failed = verdict(line, check);
    answers.push(failed ? `invalid: ${failed.reason}` : 'valid');
    if (failed) {
      complain(`${name}:${i + 1}: ${failed.reason}: ${failed.detail || line.slice(0, 400)}`);
      exit = 1;
    }
  });
  print(answers.join('\n'));
  return exit;
}

// --- Keys and signed notes (c2sp.org/signed-note) ------------------------------------------------

/** Names are not empty and have no Unicode spaces and no plus. */
function validName(name) {
  return name !== '' && !/[\p{White_Space}+]/u.test(name);
}

function keyId(name, type, publicKey) {
  return sha256(`${name}\n`, Buffer.from([type]), publicKey).subarray(0, 4);
}

/** Reads a verifier key text NAME+HEX8+BASE64(type || key). */
function parseKey(vkey, type) {
  const [, name, id, key64] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(vkey) ?? [];
  const key = key64 === undefined ? null : fromBase64(key64);
  if (key === null || key.length !== 1 + HASH_SIZE || key[0] !== type) {
    throw new UsageError(`verifier key ${JSON.stringify(vkey)}: expected NAME+ID+KEY with the ` +
      `base64 of type 0x0${type} and 32 bytes`);
  }
  const publicKey = key.subarray(1);
  const expected = keyId(name, type, publicKey).toString('hex');
  if (!validName(name) || id.toLowerCase() !== expected) {
    throw new UsageError(`verifier key ${JSON.stringify(vkey)}: expected a name without spaces ` +
      `and ID ${expected}, actual ${JSON.stringify(id)}`);
  }
  return { name, id: expected, type, publicKey, text: `${name}+${expected}` };
}

function ed25519(publicKey, message, signature) {
  if (signature.length !== 64) {
    return false;
  }
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') };
  return verifySignature(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

/** c2sp.org/tlog-cosignature: 8 bytes of seconds, then Ed25519 over two lines and the body. */
function cosigned(publicKey, body, blob) {
  if (blob.length !== 8 + 64) {
    return false;
  }
  const seconds = blob.readBigUInt64BE(0);
  const header = Buffer.from(`cosignature/v1\ntime ${seconds}\n`);
  return seconds <= MAX_INT64 &&
    ed25519(publicKey, Buffer.concat([header, body]), blob.subarray(8));
}

function signs(key, body, blob) {
  return key.type === TYPE_COSIGNATURE ? cosigned(key.publicKey, body, blob)
    : ed25519(key.publicKey, body, blob);
}

function parseSignatureLine(line, number) {
  const [, name, blob64] = /^\u2014 ([^ ]*) (.*)$/s.exec(line) ?? [];
  const blob = blob64 === undefined ? null : fromBase64(blob64);
  if (blob === null || blob.length < 5 || !validName(name)) {
    throw new Invalid(`signature line ${number}: expected "\u2014 NAME BASE64", ` +
      `actual ${JSON.stringify(line)}`);
  }
  return { name, id: blob.subarray(0, 4).toString('hex'), blob: blob.subarray(4), number };
}

/** Splits a note at its last empty line: the body as bytes, and the signature lines. */
function splitNote(data) {
  if (!isUtf8(data)) {
    throw new Invalid('malformed note: expected UTF-8');
  }
  const control = data.findIndex((byte) => byte < 0x20 && byte !== 0x0a);
  if (control !== -1) {
    throw new Invalid(`malformed note: byte ${control}: expected no control character, ` +
      `actual 0x${data[control].toString(16).padStart(2, '0')}`);
  }
  const split = data.lastIndexOf('\n\n');
  if (split === -1 || split + 2 === data.length || data[data.length - 1] !== 0x0a) {
    throw new Invalid('malformed note: expected an empty line and signature lines, actual none');
  }
  const lines = data.subarray(split + 2, data.length - 1).toString('utf8').split('\n');
  // The limit of the Go verifier; the specification asks for at least 16.
  if (lines.length > 100) {
    throw new Invalid(`malformed note: expected at most 100 signatures, actual ${lines.length}`);
  }
  return { body: data.subarray(0, split + 1), lines };
}

/** Verifies every signature of the keys; gives the body and the first signature of each key. */
function openNote(data, keys) {
  const { body, lines } = splitNote(data);
  const signatures = lines.map((line, i) => parseSignatureLine(line, i + 1));
  const blobs = keys.map((key) => {
    const own = signatures.filter(({ name, id }) => name === key.name && id === key.id);
    if (own.length === 0) {
      throw new Invalid(`no signature by ${key.text}, the note has ${signatures.length} by others`);
    }
    for (const { blob, number } of own) {
      if (!signs(key, body, blob)) {
        throw new Invalid(`signature line ${number}: invalid signature for key ${key.text}`);
      }
    }
    return own[0].blob;
  });
  return { text: body.toString('utf8'), blobs };
}

// --- Checkpoints (c2sp.org/tlog-checkpoint) ------------------------------------------------------

function parseCheckpoint(text) {
  const lines = text.slice(0, -1).split('\n');
  if (lines.length < 3) {
    throw new Invalid(`expected a checkpoint of at least 3 lines, actual ${lines.length}`);
  }
  const empty = lines.indexOf('');
  if (empty !== -1) {
    throw new Invalid(`line ${empty + 1}: expected text, actual an empty line`);
  }
  const size = sizeFrom(lines[1], 'line 2: tree size');
  const root = hashFromBase64(lines[2]);
  if (root === null) {
    throw new Invalid(`line 3: root hash: expected the base64 of 32 bytes, ` +
      `actual ${JSON.stringify(lines[2])}`);
  }
  if (size === 0n && !root.equals(EMPTY_ROOT)) {
    throw new Invalid(`line 3: ${mismatch('root of the empty tree', EMPTY_ROOT, root)}`);
  }
  return { origin: lines[0], size, root };
}

function openCheckpoint(data, keys) {
  const { text, blobs } = openNote(data, keys);
  return { ...parseCheckpoint(text), blobs };
}

function readCheckpoint(path, key) {
  const data = readBytes(path);
  return locate(path, () => openCheckpoint(data, [key]));
}

function keyAndFile(args, type, what) {
  const options = parseOptions(args, ['--key'], []);
  const vkey = one(options, '--key');
  const path = onlyFile(options, what);
  return { key: parseKey(vkey, type), path };
}

function noteCommand(args) {
  const { key, path } = keyAndFile(args, TYPE_ED25519, 'FILE');
  const { origin, size, root } = readCheckpoint(path, key);
  return printObject({ origin, size, root });
}

function cosignatureCommand(args) {
  const { key, path } = keyAndFile(args, TYPE_COSIGNATURE, 'FILE');
  const { origin, size, root, blobs } = readCheckpoint(path, key);
  return printObject({ origin, size, root, time: blobs[0].readBigUInt64BE(0) });
}

// --- Receipts (c2sp.org/tlog-proof) --------------------------------------------------------------

function parseReceipt(data) {
  const split = data.indexOf('\n\n');
  if (split === -1) {
    throw new Invalid('expected an empty line after the proof, actual none');
  }
  const lines = data.subarray(0, split).toString('utf8').split('\n');
  if (lines[0] !== 'c2sp.org/tlog-proof@v1') {
    throw new Invalid(`line 1: expected "c2sp.org/tlog-proof@v1", ` +
      `actual ${JSON.stringify(lines[0])}`);
  }
  const at = lines[1]?.startsWith('extra ') ? 2 : 1;
  if (at === 2 && fromBase64(lines[1].slice('extra '.length)) === null) {
    throw new Invalid(`line 2: expected "extra BASE64", actual ${JSON.stringify(lines[1])}`);
  }
  if (!lines[at]?.startsWith('index ')) {
    throw new Invalid(`line ${at + 1}: expected "index N", actual ${JSON.stringify(lines[at])}`);
  }
  const index = sizeFrom(lines[at].slice('index '.length), `line ${at + 1}: index`);
  return { index, proof: parseHashLines(lines, at + 1), note: data.subarray(split + 2) };
}

function parseHashLines(lines, from) {
  return lines.slice(from).map((line, i) => {
    const hash = hashFromBase64(line);
    if (hash === null) {
      throw new Invalid(`line ${from + i + 1}: expected the base64 of 32 bytes, ` +
        `actual ${JSON.stringify(line)}`);
    }
    return hash;
  });
}

function receiptKeys(options) {
  const log = parseKey(one(options, '--key'), TYPE_ED25519);
  const cosigners = options.values('--cosigner').map((vkey) => parseKey(vkey, TYPE_COSIGNATURE));
  const texts = [log, ...cosigners].map(({ text }) => text);
  const twice = texts.find((text, i) => texts.indexOf(text) !== i);
  if (twice !== undefined) {
    throw new UsageError(`key ${twice} is given twice`);
  }
  return { log, cosigners };
}

function receiptCommand(args) {
  const options = parseOptions(args, ['--key', '--cosigner', '--entry'], []);
  const entry = one(options, '--entry');
  const path = onlyFile(options, 'PROOF');
  const { log, cosigners } = receiptKeys(options);
  const data = readBytes(path);
  const leaf = leafHash(readBytes(entry));
  const { index, proof, note } = locate(path, () => parseReceipt(data));
  const { origin, size, root } = locate(`${path}: checkpoint`,
    () => openCheckpoint(note, [log, ...cosigners]));
  const failed = checkInclusion({ leafIdx: index, treeSize: size, root, leafHash: leaf, proof });
  if (failed) {
    throw new Invalid(`${path}: inclusion of ${entry} at ${index}: ${failed.reason} ` +
      `(${failed.detail || `size ${size}`})`);
  }
  return printObject({ origin, index, size, root, cosigned: cosigners.map(({ name }) => name) });
}

// --- Tiles (c2sp.org/tlog-tiles) -----------------------------------------------------------------

const TILE_PATH =
  /^tile\/(entries|0|[1-9][0-9]*)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]+))?$/;

/** 1234067 is x001/x234/067. */
function encodeIndex(n) {
  const digits = n.toString();
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  return padded.replace(/\d{3}(?=\d)/g, 'x$&/');
}

function tilePath({ level, n, width }) {
  const suffix = width === TILE_WIDTH ? '' : `.p/${width}`;
  return `tile/${level}/${encodeIndex(n)}${suffix}`;
}

/** The inverse of tilePath, or null; the level of entry bundles is "entries". */
function parseTilePath(path) {
  const parts = TILE_PATH.exec(path);
  if (parts === null) {
    return null;
  }
  const n = BigInt(parts[2].replace(/[x/]/g, ''));
  const tile = { level: parts[1], n, width: parts[3] ? Number(parts[3]) : TILE_WIDTH };
  const fits = parts[3] === undefined || (tile.width >= 1 && tile.width < TILE_WIDTH);
  return fits && tilePath(tile) === path ? tile : null;
}

/** The hash of a complete tree over the hashes, a power of two of them. */
function treeHash(hashes) {
  if (hashes.length === 1) {
    return hashes[0];
  }
  const split = hashes.length / 2;
  return nodeHash(treeHash(hashes.slice(0, split)), treeHash(hashes.slice(split)));
}

function sliceHashes(data) {
  const hashes = [];
  for (let offset = 0; offset < data.length; offset += HASH_SIZE) {
    hashes.push(data.subarray(offset, offset + HASH_SIZE));
  }
  return hashes;
}

function readTile(dir, tile, size) {
  const path = tilePath(tile);
  const data = locate(`a tree of size ${size} needs ${path}`, () => readBytes(join(dir, path)));
  if (data.length !== tile.width * HASH_SIZE) {
    throw new Invalid(`${path}: expected ${tile.width * HASH_SIZE} bytes, actual ${data.length}`);
  }
  return data;
}

/** Reads the tiles of a level: its data by tile number, as BigInt. */
function readLevel(dir, level, size) {
  const count = size >> BigInt(8 * level);
  const tiles = [];
  for (let n = 0n; n * 256n < count; n++) {
    const left = count - n * 256n;
    const tile = { level, n, width: left < 256n ? Number(left) : TILE_WIDTH };
    tiles.push({ ...tile, data: readTile(dir, tile, size) });
  }
  return tiles;
}

/** Compares the hashes of a level with the full tiles below: they are those tiles' roots. */
function checkLevel(tiles, below) {
  for (const tile of tiles) {
    sliceHashes(tile.data).forEach((actual, i) => {
      const child = below[Number(tile.n) * TILE_WIDTH + i];
      const expected = treeHash(sliceHashes(child.data));
      if (!actual.equals(expected)) {
        throw new Invalid(mismatch(`${tilePath(tile)}: hash ${i} (of ${tilePath(child)})`,
          expected, actual));
      }
    });
  }
}

function readLevels(dir, size) {
  const levels = [];
  for (let level = 0; size >> BigInt(8 * level) > 0n; level++) {
    levels.push(readLevel(dir, level, size));
    if (level > 0) {
      checkLevel(levels[level], levels[level - 1]);
    }
  }
  return levels;
}

/** The root out of the partial tiles at the right edge: what is lower stands further right. */
function rootOfTiles(levels) {
  let right = null;
  for (const tiles of levels) {
    const last = tiles[tiles.length - 1];
    const hashes = last.width === TILE_WIDTH ? [] : sliceHashes(last.data);
    right = joinRight(hashes, right);
  }
  return right ?? EMPTY_ROOT;
}

/**
 * Hashes a partial tile and, right of it, a subtree smaller than one of its hashes. Each complete
 * subtree of the tile is a left side of RFC 6962's split, the largest first.
 */
function joinRight(hashes, right) {
  const subtrees = [];
  for (let from = 0; from < hashes.length;) {
    const width = 2 ** (31 - Math.clz32(hashes.length - from));
    subtrees.push(treeHash(hashes.slice(from, from + width)));
    from += width;
  }
  const parts = right === null ? subtrees : [...subtrees, right];
  return parts.length === 0 ? null : parts.reduceRight((acc, left) => nodeHash(left, acc));
}

function listFiles(dir, prefix) {
  const entries = readdirSync(join(dir, prefix), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = `${prefix}/${entry.name}`;
    return entry.isDirectory() ? listFiles(dir, path) : [path];
  });
}

/** What is known of an export: the size, its levels, and the indexes of entries that are there. */
function openExport(dir, size) {
  return { dir, size, levels: readLevels(dir, size), seen: new Set() };
}

function checkEntry(log, index, entry) {
  const tile = log.levels[0][Number(index >> 8n)];
  const offset = Number(index & 255n) * HASH_SIZE;
  const expected = tile.data.subarray(offset, offset + HASH_SIZE);
  const actual = leafHash(entry);
  if (!actual.equals(expected)) {
    throw new Invalid(mismatch(`entry ${index}: leaf hash`, expected, actual));
  }
  log.seen.add(index);
}

/** The entries of a bundle: each has its length before it, two bytes, big-endian. */
function splitBundle(data, width) {
  const entries = [];
  let offset = 0;
  while (entries.length < width) {
    const end = offset + 2 <= data.length ? offset + 2 + data.readUInt16BE(offset) : Infinity;
    if (end > data.length) {
      throw new Invalid(`entry ${entries.length}, byte ${offset}: expected an entry, ` +
        `actual ${data.length - offset} bytes left`);
    }
    entries.push(data.subarray(offset + 2, end));
    offset = end;
  }
  if (offset !== data.length) {
    throw new Invalid(`expected ${offset} bytes, actual ${data.length}`);
  }
  return entries;
}

function checkBundle(log, tile, data) {
  if (tile.n * 256n + BigInt(tile.width) > log.size) {
    throw new Invalid(`a tree of size ${log.size} has no such bundle`);
  }
  splitBundle(data, tile.width).forEach((entry, i) => {
    checkEntry(log, tile.n * 256n + BigInt(i), entry);
  });
}

/** Logs must also serve the partial tiles of earlier checkpoints: those are beginnings of ours. */
function checkOlderTile(log, tile, data) {
  const current = log.levels[Number(tile.level)]?.[Number(tile.n)];
  if (current === undefined || tile.width > current.width) {
    throw new Invalid(`a tree of size ${log.size} has no such tile`);
  }
  if (!data.equals(current.data.subarray(0, tile.width * HASH_SIZE))) {
    throw new Invalid(`expected the first ${tile.width} hashes of ${tilePath(current)}, ` +
      `actual others`);
  }
}

function checkFile(log, path) {
  const tile = parseTilePath(path);
  if (tile === null) {
    throw new Invalid('expected the path of a tile, actual another file');
  }
  const data = readBytes(join(log.dir, path));
  if (tile.level === 'entries') {
    checkBundle(log, tile, data);
  } else {
    checkOlderTile(log, tile, data);
  }
}

/** The files entry/<index>, Selaras' own, for readers who may not see all of a bundle. */
function checkSingle(log, name) {
  const index = sizeFrom(name, 'file name');
  if (index >= log.size) {
    throw new Invalid(`a tree of size ${log.size} has no such entry`);
  }
  checkEntry(log, index, readBytes(join(log.dir, 'entry', name)));
}

function checkExport(log, root) {
  const actual = rootOfTiles(log.levels);
  if (!actual.equals(root)) {
    throw new Invalid(mismatch('root of the tiles', root, actual));
  }
  const files = existsSync(join(log.dir, 'tile')) ? listFiles(log.dir, 'tile') : [];
  for (const path of files) {
    locate(path, () => checkFile(log, path));
  }
  const singles = existsSync(join(log.dir, 'entry')) ? readdirSync(join(log.dir, 'entry')) : [];
  for (const name of singles.sort()) {
    locate(`entry/${name}`, () => checkSingle(log, name));
  }
}

function tilesCommand(args) {
  const { key, path: dir } = keyAndFile(args, TYPE_ED25519, 'DIR');
  const { origin, size, root } = readCheckpoint(join(dir, 'checkpoint'), key);
  const log = locate(dir, () => {
    const opened = openExport(dir, size);
    checkExport(opened, root);
    return opened;
  });
  return printObject({ origin, size, root, entries: BigInt(log.seen.size) });
}

// --- Command line --------------------------------------------------------------------------------

function parseOptions(args, valued, plain) {
  const pairs = [];
  const flags = new Set();
  const files = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (!arg.startsWith('--')) {
      files.push(arg);
    } else if (plain.includes(arg)) {
      flags.add(arg);
    } else if (!valued.includes(arg)) {
      throw new UsageError(`unknown option ${arg}`);
    } else if (++i === args.length) {
      throw new UsageError(`${arg} needs a value`);
    } else {
      pairs.push([arg, args[i]]);
    }
  }
  const values = (name) => pairs.filter(([key]) => key === name).map(([, value]) => value);
  return { values, flags, files };
}

function one(options, name) {
  const values = options.values(name);
  if (values.length !== 1) {
    throw new UsageError(`${name} must be given once`);
  }
  return values[0];
}

function onlyFile(options, what) {
  if (options.files.length !== 1) {
    throw new UsageError(`one ${what} is needed, ${options.files.length} given`);
  }
  return options.files[0];
}

function print(text) {
  process.stdout.write(`${text}\n`);
}

/** JSON as Go writes it: these two separators escaped, big integers as numbers. */
function jsonValue(value) {
  if (typeof value === 'bigint') {
    return value.toString();
  }
  const plain = Buffer.isBuffer(value) ? base64(value) : value;
  return JSON.stringify(plain).replace(/[\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16)}`);
}

function printObject(object) {
  const members = Object.entries(object).map(([name, value]) => `"${name}":${jsonValue(value)}`);
  print(`{${members.join(',')}}`);
  return 0;
}

function complain(message) {
  process.stderr.write(`verify.mjs: ${message.replaceAll('\n', '\\n')}\n`);
}

const COMMANDS = {
  note: noteCommand,
  cosignature: cosignatureCommand,
  proofs: proofsCommand,
  receipt: receiptCommand,
  tiles: tilesCommand,
};

function run([name, ...args]) {
  try {
    if (!Object.hasOwn(COMMANDS, name ?? '')) {
      throw new UsageError(name === undefined ? 'a command is missing' : `unknown command ${name}`);
    }
    return COMMANDS[name](args);
  } catch (error) {
    complain(error.message);
    if (error instanceof UsageError) {
      process.stderr.write(`${USAGE}\n`);
      return 2;
    }
    return 1;
  }
}

process.exitCode = run(process.argv.slice(2));
