"""Writes scripted.pt, traced.pt and script.json: TorchScript of PyTorch 1.13 and what it computes. Run here."""
import json

import torch
from torch import nn


class Body(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.block = nn.Sequential(nn.Conv2d(4, 6, 3, stride=2), nn.BatchNorm2d(6))

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        return torch.relu(self.block(x)).mean([2, 3])


class Pair(nn.Module):
    def forward(self, x):
        return x, x + 1


class Sum(nn.Module):
    def forward(self, x, y):
        return x + 2 * y


torch.manual_seed(1)
body = Body()
for _ in range(3):
    body(torch.randn(8, 3, 9, 9) * 2 + 1)
body.eval()
x = (torch.arange(2 * 3 * 8 * 7) * 7 % 23).float().reshape(2, 3, 8, 7) / 23
torch.jit.script(body).save("scripted.pt")
torch.jit.trace(body, x).save("traced.pt")
torch.jit.script(Pair()).save("pair.pt")
torch.jit.script(Sum()).save("sum.pt")
json.dump(
    {
        "names": list(body.state_dict()),
        "output": body(x).flatten().tolist(),
        "train_output": body.train()(x).flatten().tolist(),
    },
    open("script.json", "w"),
)
