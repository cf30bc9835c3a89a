import { describe, expect, it } from 'vitest';
import { canonicalJson, layerHash, setHash } from '../../src/lib/domain/finished-set.ts';
import { ANNOTATIONS, exampleSet, LAYER, TEXT } from './example.ts';
import { comment, sha256, uuid } from './make.ts';

const set = exampleSet();
const [layer] = set.layers;

describe('a finished set', () => {
	it('has its roots in text order, each followed by its replies, and nothing that was deleted', () => {
		const ids = layer!.annotations.map(({ id }) => Number(id.slice(-2)));
		expect(ids).toEqual([5, 6, 1, 2, 3, 4]);
		expect(layer!.annotations[0]).toMatchObject({ body: null, deleted: { by: 'user:editor' } });
	});
	it('counts code points, and says where nothing was found', () => {
		const byId = Object.fromEntries(
			layer!.annotations.map((annotation) => [Number(annotation.id.slice(-2)), annotation])
		);
		const { start, end } = byId[1]!;
		expect([...TEXT].slice(start!, end!).join('')).toBe('Nobody crosses');
		expect(TEXT.indexOf('Nobody crosses')).toBe(start! + 1);
		for (const id of [2, 4, 5]) expect(byId[id]).toMatchObject({ start: null, end: null });
	});
	it('names the people who occur in it, and no one else', () => {
		expect(set.people).toEqual({
			'guest:g1': { name: 'Gus' },
			'user:annotator': { name: 'Ann Otator' },
			'user:editor': { name: 'Ed Itor' }
		});
		expect(exampleSet({ names: {} }).people['guest:g1']).toEqual({ name: 'guest:g1' });
	});
	it('has every key, so that rows make it again byte for byte', () => {
		const keys = layer!.annotations.map((annotation) => Object.keys(annotation).sort().join());
		expect(new Set(keys).size).toBe(1);
		expect(JSON.stringify(set)).not.toContain('undefined');
		expect(canonicalJson(JSON.parse(canonicalJson(set)))).toBe(canonicalJson(set));
	});
	it('is the same whatever the order in which its room kept it', () => {
		const reactions = { [uuid(1)]: { '👍': ['guest:g1', 'user:editor'] } };
		const shuffled = { ...LAYER, annotations: ANNOTATIONS.toReversed(), reactions };
		expect(canonicalJson(exampleSet({ layers: [shuffled] }))).toBe(canonicalJson(set));
	});
	it('holds nothing that database or canonical JSON cannot', () => {
		const annotations = [comment({ body: 'a\0b\ud800c', tags: ['\0'] })];
		const odd = exampleSet({ layers: [{ ...LAYER, annotations }], text: 'x\0y', note: '\udc00' });
		expect(odd.layers[0]!.annotations[0]).toMatchObject({ body: 'a\ufffdb\ufffdc', tags: ['\ufffd'] });
		expect(odd).toMatchObject({ text: 'x\ufffdy', note: '\ufffd', textSha256: sha256('x\ufffdy') });
	});
});

describe('its hashes', () => {
	it('cover each layer, and of the set all but the hash itself', () => {
		expect(set.textSha256).toBe(sha256(TEXT));
		expect(layer!.hash).toBe(layerHash(layer!, sha256));
		expect(layer!.hash).toBe(sha256(canonicalJson({ layer: 'shared', annotations: layer!.annotations })));
		const { hash, ...rest } = set;
		expect(hash).toBe(sha256(canonicalJson({ ...rest, layers: [{ layer: 'shared', hash: layer!.hash }] })));
		expect(hash).toBe(setHash(set, sha256));
	});
	it('can be verified by who may not open all layers', () => {
		const two = exampleSet({ layers: [{ ...LAYER, layer: 'legal', annotations: [] }, LAYER] });
		expect(two.layers.map(({ layer }) => layer)).toEqual(['legal', 'shared']);
		const seen = {
			...two,
			layers: two.layers.map((each) => (each.layer === 'legal' ? { ...each, annotations: [] } : each))
		};
		expect(setHash(seen, sha256)).toBe(two.hash);
	});
	it('change with anything that was said', () => {
		const said = ANNOTATIONS.map((each) => (each.id === uuid(2) ? { ...each, body: '# I was here.' } : each));
		const hashes = [
			set,
			exampleSet({ layers: [{ ...LAYER, annotations: said }] }),
			exampleSet({ note: null }),
			exampleSet({ text: `${TEXT} ` }),
			exampleSet({ names: {} })
		].map(({ hash }) => hash);
		expect(new Set(hashes).size).toBe(hashes.length);
	});
	it('are those of RFC 8785', () => {
		expect(canonicalJson({ b: [1e21, 0.1, null], a: '\u20ac$\n"', é: false, A: {} })).toBe(
			'{"A":{},"a":"€$\\n\\"","b":[1e+21,0.1,null],"é":false}'
		);
		for (const value of [undefined, () => 1, NaN, '\ud800']) expect(() => canonicalJson(value)).toThrow();
	});
});
