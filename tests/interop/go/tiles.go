// Exports in the layout of c2sp.org/tlog-tiles, and the folder entry/ that Selaras adds for readers
// who may not see all of an entry bundle. Hashes out of tiles come through golang.org/x/mod/sumdb/tlog.
package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	entryTile  = -1 // the level that tlog gives to tiles of entries
)

type place struct {
	level int
	n     int64
}

type hashTile struct {
	tile tlog.Tile
	data []byte
}

func (t hashTile) hash(i int) tlog.Hash {
	var hash tlog.Hash
	copy(hash[:], t.data[i*tlog.HashSize:])
	return hash
}

// root is the hash of a full tile in the level above.
func (t hashTile) root() tlog.Hash {
	hashes := make([]tlog.Hash, t.tile.W)
	for i := range hashes {
		hashes[i] = t.hash(i)
	}
	for ; len(hashes) > 1; hashes = hashes[:len(hashes)/2] {
		for i := 0; i < len(hashes)/2; i++ {
			hashes[i] = tlog.NodeHash(hashes[2*i], hashes[2*i+1])
		}
	}
	return hashes[0]
}

type export struct {
	dir   string
	tree  tlog.Tree
	tiles map[place]hashTile
	seen  map[int64]bool // leaves whose entry is there
}

// tilePath is the path of c2sp.org/tlog-tiles: that of tlog without the height.
func tilePath(t tlog.Tile) string {
	path := strings.TrimPrefix(t.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	if t.L == entryTile {
		path = "entries" + strings.TrimPrefix(path, "data")
	}
	return "tile/" + path
}

func parseTilePath(path string) (tlog.Tile, error) {
	rest := strings.TrimPrefix(path, "tile/")
	if strings.HasPrefix(rest, "entries/") {
		rest = "data" + strings.TrimPrefix(rest, "entries")
	}
	tile, err := tlog.ParseTilePath(fmt.Sprintf("tile/%d/%s", tileHeight, rest))
	if err != nil || tilePath(tile) != path {
		return tile, errors.New("not the path of a tile")
	}
	return tile, nil
}

// readTiles reads every tile that a tree of the size has, from the leaves up.
func (e *export) readTiles() error {
	for level := 0; e.tree.N>>(tileHeight*level) > 0; level++ {
		count := e.tree.N >> (tileHeight * level)
		for n := int64(0); n*tileWidth < count; n++ {
			width := tileWidth
			if count-n*tileWidth < tileWidth {
				width = int(count - n*tileWidth)
			}
			if err := e.readTile(tlog.Tile{H: tileHeight, L: level, N: n, W: width}); err != nil {
				return err
			}
		}
	}
	return nil
}

func (e *export) readTile(tile tlog.Tile) error {
	data, err := os.ReadFile(filepath.Join(e.dir, tilePath(tile)))
	if err != nil {
		return fmt.Errorf("%s: a tree of size %d needs it: %w", tilePath(tile), e.tree.N, err)
	}
	if len(data) != tile.W*tlog.HashSize {
		return fmt.Errorf("%s: expected %d bytes, actual %d", tilePath(tile), tile.W*tlog.HashSize, len(data))
	}
	t := hashTile{tile, data}
	e.tiles[place{tile.L, tile.N}] = t
	if tile.L == 0 {
		return nil
	}
	return e.checkChildren(t)
}

func (e *export) checkChildren(t hashTile) error {
	for i := 0; i < t.tile.W; i++ {
		child := e.tiles[place{t.tile.L - 1, t.tile.N*tileWidth + int64(i)}]
		if want := child.root(); t.hash(i) != want {
			return fmt.Errorf("%s: hash %d: expected %v (of %s), actual %v", tilePath(t.tile), i, want,
				tilePath(child.tile), t.hash(i))
		}
	}
	return nil
}

// ReadHashes makes the tiles a tlog.HashReader.
func (e *export) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		at := tlog.TileForIndex(tileHeight, index)
		t := e.tiles[place{at.L, at.N}]
		hash, err := tlog.HashFromTile(t.tile, t.data, index)
		if err != nil {
			return nil, err
		}
		hashes[i] = hash
	}
	return hashes, nil
}

func (e *export) checkRoot() error {
	if e.tree.N == 0 {
		return nil // parseCheckpoint compared it
	}
	root, err := tlog.TreeHash(e.tree.N, e)
	if err != nil {
		return err
	}
	if root != e.tree.Hash {
		return fmt.Errorf("root of the tiles: expected %v (checkpoint), actual %v", e.tree.Hash, root)
	}
	return nil
}

// The three methods of tlog.TileReader.

func (e *export) Height() int                     { return tileHeight }
func (e *export) SaveTiles([]tlog.Tile, [][]byte) {}

func (e *export) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		data[i] = e.tiles[place{tile.L, tile.N}].data
	}
	return data, nil
}

// leafHashes lets tlog authenticate all tiles a second time, its own way.
func (e *export) leafHashes() ([]tlog.Hash, error) {
	if e.tree.N == 0 {
		return nil, nil
	}
	indexes := make([]int64, e.tree.N)
	for i := range indexes {
		indexes[i] = tlog.StoredHashIndex(0, int64(i))
	}
	return tlog.TileHashReader(e.tree, e).ReadHashes(indexes)
}

// checkFiles looks at every file below tile/: nothing there may stay unverified.
func (e *export) checkFiles(leaves []tlog.Hash) error {
	top := filepath.Join(e.dir, "tile")
	if _, err := os.Stat(top); os.IsNotExist(err) {
		return nil
	}
	return filepath.Walk(top, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		relative, err := filepath.Rel(e.dir, path)
		if err != nil {
			return err
		}
		if err := e.checkFile(path, filepath.ToSlash(relative), leaves); err != nil {
			return fmt.Errorf("%s: %w", relative, err)
		}
		return nil
	})
}

func (e *export) checkFile(path, relative string, leaves []tlog.Hash) error {
	tile, err := parseTilePath(relative)
	if err != nil {
		return err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if tile.L == entryTile {
		return e.checkBundle(tile, data, leaves)
	}
	return e.checkOlderTile(tile, data)
}

// checkOlderTile allows the partial tiles of earlier checkpoints, which logs must serve as well.
func (e *export) checkOlderTile(tile tlog.Tile, data []byte) error {
	t := e.tiles[place{tile.L, tile.N}]
	if tile.W > t.tile.W {
		return fmt.Errorf("a tree of size %d has no such tile", e.tree.N)
	}
	if want := t.data[:tile.W*tlog.HashSize]; !bytes.Equal(data, want) {
		return fmt.Errorf("expected the first %d bytes of %s, actual others", len(want), tilePath(t.tile))
	}
	return nil
}

func (e *export) checkBundle(tile tlog.Tile, data []byte, leaves []tlog.Hash) error {
	if tile.N > e.tree.N/tileWidth || tile.N*tileWidth+int64(tile.W) > e.tree.N {
		return fmt.Errorf("a tree of size %d has no such bundle", e.tree.N)
	}
	offset := 0
	for i := 0; i < tile.W; i++ {
		entry, err := nextEntry(data[offset:])
		if err != nil {
			return fmt.Errorf("entry %d, byte %d: %w", i, offset, err)
		}
		offset += 2 + len(entry)
		if err := e.checkEntry(tile.N*tileWidth+int64(i), entry, leaves); err != nil {
			return err
		}
	}
	if offset != len(data) {
		return fmt.Errorf("expected %d bytes, actual %d", offset, len(data))
	}
	return nil
}

func nextEntry(data []byte) ([]byte, error) {
	if len(data) < 2 {
		return nil, fmt.Errorf("expected a length of 2 bytes, actual %d bytes left", len(data))
	}
	size := int(binary.BigEndian.Uint16(data))
	if len(data) < 2+size {
		return nil, fmt.Errorf("expected %d bytes, actual %d bytes left", size, len(data)-2)
	}
	return data[2 : 2+size], nil
}

func (e *export) checkEntry(index int64, entry []byte, leaves []tlog.Hash) error {
	if hash := tlog.RecordHash(entry); hash != leaves[index] {
		return fmt.Errorf("entry %d: expected leaf hash %v, actual %v", index, leaves[index], hash)
	}
	e.seen[index] = true
	return nil
}

// checkSingles checks the files entry/<index>.
func (e *export) checkSingles(leaves []tlog.Hash) error {
	top := filepath.Join(e.dir, "entry")
	list, err := os.ReadDir(top)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, file := range list {
		if err := e.checkSingle(filepath.Join(top, file.Name()), file.Name(), leaves); err != nil {
			return fmt.Errorf("entry/%s: %w", file.Name(), err)
		}
	}
	return nil
}

func (e *export) checkSingle(path, name string, leaves []tlog.Hash) error {
	index, err := decodeSize(name)
	if err != nil {
		return err
	}
	if index >= e.tree.N {
		return fmt.Errorf("a tree of size %d has no such entry", e.tree.N)
	}
	entry, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return e.checkEntry(index, entry, leaves)
}

func (e *export) check() error {
	if err := e.readTiles(); err != nil {
		return err
	}
	if err := e.checkRoot(); err != nil {
		return err
	}
	leaves, err := e.leafHashes()
	if err != nil {
		return err
	}
	if err := e.checkFiles(leaves); err != nil {
		return err
	}
	return e.checkSingles(leaves)
}

func tilesCommand(args []string) error {
	key, dir, err := keyAndFile(args, "DIR", logVerifier)
	if err != nil {
		return err
	}
	parsed, _, err := readCheckpoint(filepath.Join(dir, "checkpoint"), key)
	if err != nil {
		return err
	}
	e := &export{dir, tlog.Tree{N: parsed.Size, Hash: parsed.Root}, map[place]hashTile{}, map[int64]bool{}}
	if err := e.check(); err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	return printJSON(os.Stdout, struct {
		*checkpoint
		Entries int `json:"entries"`
	}{parsed, len(e.seen)})
}
