// Vectors of tile exports: small logs, and one copy for each kind of damage.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/tlog"
)

// files are the files of an export by their path.
type files map[string][]byte

func (f files) flip(path string, at int) {
	data := append([]byte{}, f[path]...)
	data[at] ^= 1
	f[path] = data
}

// exportFiles writes a log of the size as c2sp.org/tlog-tiles.
func (g *generator) exportFiles(t *logTree, size int64) files {
	f := files{"checkpoint": g.signedRoot(size, t.root(size))}
	last := map[place]tlog.Tile{}
	// tlog lists every width up to the size; the widest of a place is the one that a snapshot has.
	for _, tile := range tlog.NewTiles(tileHeight, 0, size) {
		last[place{tile.L, tile.N}] = tile
	}
	for _, tile := range last {
		data, err := tlog.ReadTileData(tile, t)
		must(err)
		f[tilePath(tile)] = data
		if tile.L == 0 {
			f[tilePath(tlog.Tile{H: tileHeight, L: entryTile, N: tile.N, W: tile.W})] = bundle(t, tile)
		}
	}
	return f
}

func (g *generator) signedRoot(size int64, root tlog.Hash) []byte {
	return []byte(signNote(checkpointText(logName, size, root), g.key(logName).signer()))
}

func bundle(t *logTree, tile tlog.Tile) []byte {
	var data []byte
	for i := 0; i < tile.W; i++ {
		entry := t.entries[tile.N*tileWidth+int64(i)]
		data = append(binary.BigEndian.AppendUint16(data, uint16(len(entry))), entry...)
	}
	return data
}

// exportCase writes an export; entries is -1 where it must be refused.
func (g *generator) exportCase(name, desc string, f files, want *checkpoint, entries int) {
	dir := "tiles/" + name
	// Of an earlier run, files could remain that are not part of this export.
	must(os.RemoveAll(filepath.Join(g.dir, dir)))
	for path, data := range f {
		g.write(dir+"/"+path, data)
	}
	c := testCase{Desc: "tiles: " + desc, File: dir, Args: []string{"tiles", "--key", g.key(logName).vkey(), dir},
		Exit: exitInvalid}
	if entries >= 0 {
		c.Exit = 0
		c.Stdout = oneLine(struct {
			*checkpoint
			Entries int `json:"entries"`
		}{want, entries})
	}
	g.add(c)
}

const (
	fullTile     = "tile/0/000"
	partialTile  = "tile/0/001.p/44"
	upperTile    = "tile/1/000.p/1"
	fullBundle   = "tile/entries/000"
	partBundle   = "tile/entries/001.p/44"
	exportedSize = 300
)

func (g *generator) exports() {
	t := g.newTree(exportedSize)
	g.intactExports(t)
	for _, d := range entryDamages(t) {
		g.damagedExport(d, g.exportFiles(t, exportedSize))
	}
	for _, d := range append(hashDamages(), g.rootDamages(t)...) {
		f := g.exportFiles(t, exportedSize)
		withoutBundles(f) // which would only make the set larger
		g.damagedExport(d, f)
	}
}

func (g *generator) damagedExport(d damage, f files) {
	d.apply(f)
	g.exportCase(d.name, d.desc, f, nil, -1)
}

func withoutBundles(f files) {
	delete(f, fullBundle)
	delete(f, partBundle)
}

func (g *generator) intactExports(t *logTree) {
	want := &checkpoint{logName, exportedSize, t.root(exportedSize)}
	good := func(name, desc string, entries int, apply func(files)) {
		f := g.exportFiles(t, exportedSize)
		apply(f)
		g.exportCase(name, desc, f, want, entries)
	}
	for _, size := range []int64{0, 1, 2, 255, 256, 257} {
		g.exportCase(fmt.Sprintf("size-%d", size), fmt.Sprintf("log of %d", size), g.exportFiles(t, size),
			&checkpoint{logName, size, t.root(size)}, int(size))
	}
	good("valid", "log of 300", exportedSize, func(files) {})
	good("no-bundles", "no bundles", 0, withoutBundles)
	good("singles", "single entries in place of a bundle", 46, func(f files) {
		delete(f, fullBundle)
		f["entry/0"], f["entry/255"] = t.entries[0], t.entries[255]
	})
	good("singles-and-bundles", "an entry both single and in a bundle", exportedSize, func(f files) {
		f["entry/299"] = t.entries[299]
	})
	good("older-partial", "partial tile and bundle of earlier checkpoints", exportedSize, func(f files) {
		f["tile/0/000.p/7"] = f[fullTile][:7*tlog.HashSize]
		f["tile/0/001.p/43"] = f[partialTile][:43*tlog.HashSize]
		f["tile/entries/000.p/7"] = bundle(t, tlog.Tile{H: tileHeight, N: 0, W: 7})
	})
}

type damage struct {
	name, desc string
	apply      func(files)
}

func hashDamages() []damage {
	return []damage{
		{"level-0-hash", "hash of a full tile of level 0", func(f files) { f.flip(fullTile, 5*tlog.HashSize) }},
		{"level-0-partial-hash", "hash of the partial tile of level 0", func(f files) {
			f.flip(partialTile, 43*tlog.HashSize)
		}},
		{"level-1-hash", "hash of the tile of level 1", func(f files) { f.flip(upperTile, 0) }},
		{"hashes-exchanged", "hashes exchanged", func(f files) {
			data := append([]byte{}, f[fullTile]...)
			f[fullTile] = append(append(append([]byte{}, data[32:64]...), data[:32]...), data[64:]...)
		}},
		{"missing-partial", "partial tile missing", func(f files) { delete(f, partialTile) }},
		{"missing-full", "full tile missing", func(f files) { delete(f, fullTile) }},
		{"missing-level-1", "tile of level 1 missing", func(f files) { delete(f, upperTile) }},
		{"short-tile", "tile without its last hash", func(f files) { f[fullTile] = f[fullTile][:255*tlog.HashSize] }},
		{"long-tile", "tile with a hash too many", func(f files) {
			f[partialTile] = append(append([]byte{}, f[partialTile]...), make([]byte, tlog.HashSize)...)
		}},
		{"odd-tile", "tile with a byte too many", func(f files) {
			f[partialTile] = append(append([]byte{}, f[partialTile]...), 0)
		}},
		{"narrow-partial", "partial tile of another width only", func(f files) {
			f["tile/0/001.p/43"] = f[partialTile][:43*tlog.HashSize]
			delete(f, partialTile)
		}},
		{"older-partial-wrong", "older partial tile with another hash", func(f files) {
			f["tile/0/000.p/7"] = append([]byte{}, f[fullTile][:7*tlog.HashSize]...)
			f.flip("tile/0/000.p/7", 6*tlog.HashSize)
		}},
		{"older-partial-long", "older partial tile with a hash too many", func(f files) {
			f["tile/0/000.p/7"] = f[fullTile][:8*tlog.HashSize]
		}},
		{"wide-partial", "partial tile wider than the tree", func(f files) {
			f["tile/0/001.p/45"] = append(append([]byte{}, f[partialTile]...), make([]byte, tlog.HashSize)...)
		}},
		{"tile-outside", "tile outside the tree", func(f files) { f["tile/0/002"] = f[fullTile] }},
		{"level-outside", "level outside the tree", func(f files) { f["tile/2/000.p/1"] = f[upperTile] }},
		{"stray-file", "another file among the tiles", func(f files) { f["tile/0/notes"] = nil }},
		{"stray-path", "index with a needless x000", func(f files) { f["tile/0/x000/000"] = f[fullTile] }},
		{"stray-level", "level with a leading zero", func(f files) { f["tile/00/000"] = f[fullTile] }},
		{"stray-data", "bundle under the name of the Go checksum database", func(f files) {
			f["tile/data/000"] = f[fullTile]
		}},
		{"stray-width", "partial tile of width 256", func(f files) { f["tile/0/000.p/256"] = f[fullTile] }},
		{"stray-width-zero", "partial tile of width 0", func(f files) { f["tile/0/000.p/0"] = nil }},
	}
}

func entryDamages(t *logTree) []damage {
	return []damage{
		{"entry", "byte of an entry", func(f files) { f.flip(fullBundle, len(f[fullBundle])-1) }},
		{"entry-length", "length of an entry", func(f files) { f.flip(fullBundle, 1) }},
		{"bundle-short", "bundle cut short", func(f files) { f[partBundle] = f[partBundle][:len(f[partBundle])-1] }},
		{"bundle-empty", "empty bundle", func(f files) { f[partBundle] = nil }},
		{"bundle-long", "entry too many in a bundle", func(f files) {
			f[partBundle] = append(append([]byte{}, f[partBundle]...), 0, 0)
		}},
		{"bundle-odd", "byte too many in a bundle", func(f files) {
			f[partBundle] = append(append([]byte{}, f[partBundle]...), 0)
		}},
		{"bundle-width", "bundle of another width", func(f files) {
			f["tile/entries/001.p/43"] = f[partBundle]
			delete(f, partBundle)
		}},
		{"bundle-outside", "bundle outside the tree", func(f files) { f["tile/entries/002.p/1"] = []byte{0, 0} }},
		{"bundle-full-outside", "full bundle where the tree has a partial one", func(f files) {
			f["tile/entries/001"] = f[partBundle]
		}},
		{"bundle-wrong-place", "bundle under another index", func(f files) {
			f["tile/entries/000.p/44"] = f[partBundle]
		}},
		{"single-wrong", "single entry of another index", func(f files) { f["entry/7"] = append(t.entries[8], 1) }},
		{"single-outside", "single entry outside the tree", func(f files) { f["entry/300"] = t.entries[299] }},
		{"single-zero", "single entry with a leading zero", func(f files) { f["entry/07"] = t.entries[7] }},
		{"single-name", "single entry with another name", func(f files) { f["entry/7.bin"] = t.entries[7] }},
	}
}

func (g *generator) rootDamages(t *logTree) []damage {
	return []damage{
		{"other-root", "checkpoint signed with another root", func(f files) {
			f["checkpoint"] = g.signedRoot(exportedSize, t.root(exportedSize-1))
		}},
		{"smaller-size", "checkpoint signed with a smaller size", func(f files) {
			f["checkpoint"] = g.signedRoot(exportedSize-1, t.root(exportedSize))
		}},
		{"larger-size", "checkpoint signed with a larger size", func(f files) {
			f["checkpoint"] = g.signedRoot(1<<40, t.root(exportedSize))
		}},
		{"empty-checkpoint", "checkpoint of the empty tree beside tiles", func(f files) {
			f["checkpoint"] = g.signedRoot(0, emptyRoot)
		}},
		{"no-checkpoint", "checkpoint missing", func(f files) { delete(f, "checkpoint") }},
		{"foreign-checkpoint", "checkpoint of another signer", func(f files) {
			f["checkpoint"] = []byte(signNote(checkpointText(logName, exportedSize, t.root(exportedSize)),
				g.key("other.example").signer()))
		}},
	}
}
