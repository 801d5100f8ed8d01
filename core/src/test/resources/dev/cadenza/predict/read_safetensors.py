"""Reads a safetensors file by nothing but the format's description, and writes what it holds as JSON."""
import json
import struct
import sys

CODES = {"F64": "d", "F32": "f", "I64": "q", "I32": "i", "I16": "h", "I8": "b", "U8": "B", "BOOL": "?", "F16": "e"}

with open(sys.argv[1], "rb") as file:
    content = file.read()
(length,) = struct.unpack("<Q", content[:8])
header = json.loads(content[8 : 8 + length].decode("utf-8"))
metadata = header.pop("__metadata__", {})
tensors = {}
end = 0
for name, entry in header.items():
    begin, stop = entry["data_offsets"]
    assert begin == end, f"a gap before {name}"
    end = stop
    data = content[8 + length + begin : 8 + length + stop]
    code = CODES[entry["dtype"]]
    count = len(data) // struct.calcsize(code)
    tensors[name] = {
        "dtype": entry["dtype"],
        "shape": entry["shape"],
        "data": [float(x) for x in struct.unpack(f"<{count}{code}", data)],
    }
assert end == len(content) - 8 - length, "bytes after the last tensor"
model = {key: json.loads(value) for key, value in metadata.items()}
sys.stdout.buffer.write(json.dumps({"tensors": tensors, "metadata": model}).encode("ascii"))
