"""What a disk may hold after a power cut, from the acts that power.c wrote down.

What was synced is there. Of what was not, each sector of each write may have come or not, whatever
its order, and so may each name: made, renamed, removed."""
import pathlib
import struct

CREATE, WRITE, TRUNCATE, SYNC, SYNC_NAMES, RENAME, UNLINK, MAKE_DIRECTORY = range(1, 9)
HEAD = struct.Struct("=IIQQII")
SECTOR = 512


class Acts:
    """The log, act by act; `at` is the position behind the last one."""

    def __init__(self, path):
        self.bytes, self.at = pathlib.Path(path).read_bytes(), 0

    def next(self):
        act, mode, file, at, path_len, bytes_len = HEAD.unpack_from(self.bytes, self.at)
        begin = self.at + HEAD.size
        path = self.bytes[begin:begin + path_len].decode()
        data = self.bytes[begin + path_len:begin + path_len + bytes_len]
        self.at = begin + path_len + bytes_len
        return act, mode, file, at, path, data

    def boundaries(self):
        while self.at < len(self.bytes):
            self.next()
            yield self.at


class File:
    """Bytes that are on the disk, and acts that may have come there."""

    def __init__(self, mode):
        self.mode, self.name, self.safe, self.unsafe = mode, "", bytearray(), []

    @staticmethod
    def put(content, at, data):
        if len(content) < at:
            content.extend(bytes(at - len(content)))
        content[at:at + len(data)] = data

    @staticmethod
    def cut(content, size):
        del content[size:]
        content.extend(bytes(size - len(content)))

    def sync(self):
        for at, data in self.unsafe:
            self.cut(self.safe, at) if data is None else self.put(self.safe, at, data)
        self.unsafe = []

    def after_cut(self, chance):
        """Each sector of each act by itself: dropped, late ones before early ones, torn."""
        content, share = bytearray(self.safe), chance.choice([0, 1, chance.random()])
        for at, data in self.unsafe:
            if data is None:
                if chance.random() < share:
                    self.cut(content, at)
                continue
            begin = 0
            while begin < len(data):
                end = min(len(data), begin + SECTOR - (at + begin) % SECTOR)
                if chance.random() < share:
                    self.put(content, at + begin, data[begin:end])
                begin = end
        return content


def parent(path):
    return path.rpartition("/")[0]


class Disk:
    """Files by inode, names by directory. `lies(file)` says whose syncs do nothing."""

    def __init__(self, lies):
        self.files, self.names, self.unsafe, self.lies = {}, {}, [], lies
        self.seen = {}  # names as the program sees them

    def take(self, act, mode, file, at, path, data):
        if act == CREATE:
            self.files[file] = File(mode)
            self.name(path, self.files[file])
        elif act == WRITE:
            self.files[file].unsafe.append((at, data))
        elif act == TRUNCATE:
            self.files[file].unsafe.append((at, None))
        elif act == SYNC:
            if not self.lies(self.files[file].name):
                self.files[file].sync()
        elif act == SYNC_NAMES:
            if not self.lies(path + "/"):
                self.sync_names(path)
        elif act == RENAME:
            target = data.decode()
            self.name(target, self.seen.pop(path), path)
        elif act == UNLINK:
            self.seen.pop(path)
            self.unsafe.append((path, None, None))
        elif act == MAKE_DIRECTORY:
            self.name(path, mode)

    def name(self, path, what, instead_of=None):
        self.seen[path] = what
        self.unsafe.append((path, what, instead_of))
        if isinstance(what, File):
            what.name = path

    @staticmethod
    def settle(names, path, what, instead_of):
        names.pop(instead_of, None)
        if what is None:
            names.pop(path, None)
        else:
            names[path] = what

    def sync_names(self, directory):
        rest = []
        for change in self.unsafe:
            if parent(change[0]) == directory:
                self.settle(self.names, *change)
            else:
                rest.append(change)
        self.unsafe = rest

    def after_cut(self, chance, source, target):
        """Make below `target` what the disk may hold of what stood below `source`."""
        names, share = dict(self.names), chance.choice([0, 1, chance.random()])
        for change in self.unsafe:
            if chance.random() < share:
                self.settle(names, *change)
        for path in sorted(names):
            here = target / pathlib.Path(path).relative_to(source)
            if not here.parent.is_dir():
                continue
            if isinstance(names[path], File):
                here.write_bytes(names[path].after_cut(chance))
                here.chmod(names[path].mode & 0o755)
            else:
                here.mkdir()
