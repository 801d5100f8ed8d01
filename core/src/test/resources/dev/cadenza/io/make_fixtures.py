"""Make the files beside this script, with PyTorch 1.13 and safetensors 0.8: python3 make_fixtures.py

NAME.json holds what NAME.pt holds (and NAME_legacy.pt, NAME_protocol4.pt): for each name dtype, shape and the elements row by row.
"""

import collections
import json
import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

HERE = pathlib.Path(__file__).parent
ALL_DTYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.uint8, torch.int8, torch.int16,
              torch.int32, torch.int64, torch.bool]


def expected(name, tensors):
    facts = {
        key: {
            "dtype": str(t.dtype).replace("torch.", ""),
            "shape": list(t.shape),
            "data": t.detach().contiguous().to(torch.float64).flatten().tolist(),
        }
        for key, t in tensors.items()
    }
    (HERE / f"{name}.json").write_text(json.dumps(facts))


torch.manual_seed(0)
net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 3))
net(torch.randn(4, 1, 4, 4))
torch.save(net.state_dict(), HERE / "state_dict.pt")
torch.save(net.state_dict(), HERE / "state_dict_legacy.pt", _use_new_zipfile_serialization=False)
torch.save(net.state_dict(), HERE / "state_dict_protocol4.pt", pickle_protocol=4)
expected("state_dict", net.state_dict())

base = torch.arange(24.0).reshape(4, 6)
kinds = collections.OrderedDict((str(t).replace("torch.", ""), torch.tensor([0, 1, 2]).to(t)) for t in ALL_DTYPES)
kinds["scalar"] = torch.tensor(1.5)
kinds["whole"] = torch.tensor(2**53 + 2)
kinds["empty"] = torch.zeros(0, 3)
kinds["transposed"] = base.t()
kinds["view"] = base[1:, 2:5]
kinds["every_other"] = base[:, ::2]
kinds["expanded"] = torch.tensor([7.0, 8.0]).unsqueeze(1).expand(2, 3)
kinds["channels_last"] = torch.arange(24.0).reshape(1, 2, 3, 4).contiguous(memory_format=torch.channels_last)
kinds["parameter"] = nn.Parameter(torch.tensor([3.0, 4.0]))
kinds["tied_a"] = kinds["tied_b"] = torch.tensor([5.0])
torch.save(dict(kinds), HERE / "kinds.pt")
torch.save(dict(kinds), HERE / "kinds_legacy.pt", _use_new_zipfile_serialization=False)
expected("kinds", kinds)

small = nn.Linear(2, 2)
optimizer = torch.optim.Adam(small.parameters())
small(torch.ones(1, 2)).sum().backward()
optimizer.step()
checkpoint = {"model": small.state_dict(), "epoch": 3, "optimizer": optimizer.state_dict(), "lr": 0.1, "name": "net"}
torch.save(checkpoint, HERE / "checkpoint.pt")
expected("checkpoint", small.state_dict())
torch.save({"model": small.state_dict(), "ema": small.state_dict(), "epoch": 3}, HERE / "two_models.pt")
torch.save(nn.Sequential(nn.Linear(2, 2)), HERE / "module.pt")
torch.save({"z": torch.zeros(2, dtype=torch.complex64)}, HERE / "complex.pt")

dtypes = {str(t).replace("torch.", ""): torch.tensor([0, 1, 2]).to(t) for t in ALL_DTYPES}
dtypes['quote"\\é'] = torch.tensor(1.5)
dtypes["empty"] = torch.zeros(0, 3)
save_file(dtypes, HERE / "dtypes.safetensors", metadata={"format": "pt"})
expected("dtypes", dtypes)
